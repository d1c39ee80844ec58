using System.Text.Json.Nodes;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Access;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Permits;

/// <summary>Kubernetes' validating admission webhook, <c>admission.k8s.io/v1</c>.</summary>
internal static class AdmissionEndpoints
{
    /// <summary>As whom Kubernetes asks where no token names it.</summary>
    private const string Kubernetes = "@kubernetes";

    public static void MapAdmission(this IEndpointRouteBuilder app) =>
        app.MapPost("/admission/v1", AnswerAsync)
            .Write<JsonObject, JsonObject>("Permits", "Kubernetes AdmissionReview v1: refused while a halt covers the object.");

    private static async Task<IResult> AnswerAsync(HttpContext http, RunningEngine engine)
    {
        var (call, refusal) = CallReader.Read(http.Request);
        if (refusal is null && call is null) (call, refusal) = CallReader.With(http.Request, Kubernetes);
        if (call is null) return Answer.Of(refusal!);
        if (AccessPolicy.Check(TokenGate.Shown(http)?.Rights, "the admission webhook", changes: true, CommandAccess.Own) is { } forbidden)
            return Answer.Of(forbidden);
        var (body, problem) = await Body.ReadAsync(http.Request, Body.WebhookLimit, http.RequestAborted);
        if (problem is not null) return Answer.Of(problem);
        if (AdmissionRequest.Of(body) is not { } asked)
            return Answer.Of(Rejected.Malformed(Rules.ArgumentMalformed, "The body must be an AdmissionReview of admission.k8s.io/v1 with a request."));
        string? refused;
        string? warning = null;
        try
        {
            (refused, warning) = await new Admission(engine, call).JudgeAsync(asked, http.RequestAborted);
        }
        catch (JournalUnavailableException error)
        {
            refused = $"It is unknown whether a halt is active: {error.Sentence}";
        }

        var response = new JsonObject { ["uid"] = asked.Uid, ["allowed"] = refused is null };
        if (refused is not null) response["status"] = new JsonObject { ["code"] = StatusCodes.Status423Locked, ["message"] = refused, ["reason"] = "Halted" };
        if (warning is not null) response["warnings"] = new JsonArray(warning);
        return Answer.Json(new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response });
    }
}
