using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Alerts;

internal static class AlertEndpoints
{
    private const string KnownVersion = "4";
    private const int MostAlerts = 20_000;

    public static void MapAlerts(this IEndpointRouteBuilder app) =>
        app.MapPost("/webhooks/alertmanager", ReceiveAsync)
            .Write<AlertmanagerPayload, WebhookAnswer>(
                "Alerts", "Alertmanager's webhook, version 4. Sending the same again changes nothing; only 503 asks to be sent again.");

    private static async Task<IResult> ReceiveAsync(HttpContext http, RunningEngine engine)
    {
        var (call, refusal) = CallReader.With(http.Request, Handle.Alertmanager);
        if (refusal is not null) return Answer.Of(refusal);
        call = call! with { Token = TokenGate.Shown(http)?.Id };
        var (body, problem) = await Body.ReadAsync(http.Request, Body.WebhookLimit, http.RequestAborted);
        if (problem is not null) return Answer.Of(problem);
        if (!body.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.String || version.GetString() != KnownVersion)
            return Answer.Of(Arguments.Malformed($"The webhook's 'version' must be \"{KnownVersion}\", not {Shown(version)}.", KnownVersion));
        AlertmanagerPayload payload;
        try
        {
            payload = JsonSerializer.Deserialize(body, ServerJson.Info<AlertmanagerPayload>())!;
        }
        catch (JsonException error)
        {
            return Answer.Of(Arguments.Malformed($"'{error.Path}' is not what version {KnownVersion} has there."));
        }

        if (payload.Alerts is null) return Answer.Of(Arguments.Missing("alerts", ["version", "groupKey", "alerts"]));
        if (payload.Alerts.Length > MostAlerts || payload.Alerts.Any(alert => alert is null))
            return Answer.Of(Arguments.Malformed($"'alerts' must hold at most {MostAlerts} alerts, none of them null."));
        var (answer, refused, replayed) = await new AlertmanagerWebhook(engine, call.With(http.Request.Path, body)).ApplyAsync(payload).WaitAsync(Tool.Longest);
        if (refused is not null) return Answer.Of(refused);
        engine.Log.Alerted(
            payload.Alerts.Length,
            answer!.Ignored.Count,
            answer.Incidents.FirstOrDefault()?.Id,
            answer.Incidents.Any(incident => incident.Created));
        if (replayed) http.Response.Headers[CallReader.ReplayHeader] = "true";
        return Answer.Json(answer);
    }

    private static string Shown(JsonElement version)
    {
        if (version.ValueKind == JsonValueKind.Undefined) return "left out";
        return Shortened.To(version.GetRawText(), 60);
    }
}
