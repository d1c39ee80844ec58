using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.PagerDuty;

/// <summary>What PagerDuty's senders are answered, in PagerDuty's words.</summary>
public sealed record PagerDutyAnswer(
    string Status, string Message,
    [property: JsonPropertyName("dedup_key"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DedupKey = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? Errors = null);

/// <summary>
/// PagerDuty's Events API v2, so that its senders work by changing a URL. An event is an alert whose fingerprint is its <c>dedup_key</c>:
/// it declares an incident or joins the ongoing one, and its resolution is a suggestion to resolve.
/// </summary>
internal static class PagerDutyEndpoints
{
    private const int MostBytes = 512 * 1024;
    private const int KeyBytes = 16;

    public static void MapPagerDuty(this IEndpointRouteBuilder app) =>
        app.MapPost(TokenGate.PagerDutyPath, ReceiveAsync)
            .Write<JsonElement, PagerDutyAnswer>(
                "Alerts", "PagerDuty Events v2: trigger, acknowledge and resolve by dedup_key. 202, 400 or 429; at most 512 KB.");

    private static async Task<IResult> ReceiveAsync(HttpContext http, RunningEngine engine, TokenRecords tokens, TokenRate rate)
    {
        var (call, refusal) = CallReader.With(http.Request, Handle.PagerDuty);
        if (refusal is not null) return Answer.Of(refusal);
        var (body, problem) = await Body.ReadAsync(http.Request, MostBytes, http.RequestAborted);
        if (problem is not null) return problem.Status == StatusCodes.Status400BadRequest ? Invalid(problem.Detail) : Answer.Of(problem);
        var (given, errors) = PagerDutyEvent.Read(body);
        if (given is null || errors.Length > 0) return Invalid([.. errors]);
        var (token, unknown) = await TokenAsync(given.RoutingKey, tokens, engine, http.RequestAborted);
        if (unknown is not null) return unknown;
        if (token is not null && rate.Take(token.Id) is { } wait) return Answer.Of(TokenGate.TooMany(token, wait, webhook: false));
        call = call!.With(http.Request.Path, body) with { Token = token?.Id };
        var key = given.DedupKey ?? NewKey(call);
        var outcome = await engine.Declarations.FirstAnswerAsync(call) ?? await ApplyAsync(engine, given, key, call);
        if (outcome is Accepted { Replayed: true }) http.Response.Headers[CallReader.ReplayHeader] = "true";
        return outcome switch
        {
            null or Accepted => Json(StatusCodes.Status202Accepted, new PagerDutyAnswer("success", "Event processed", key)),
            Rejected { Rule: not Rules.KeyReused } rejected => Invalid(rejected.Sentence),
            _ => Answer.Of(outcome),
        };
    }

    /// <summary>A <c>dedup_key</c> for a trigger without one: a repetition gets the one that it got first.</summary>
    private static string NewKey(Call call) => Convert.ToHexStringLower(
        call.Key is { } repeated ? SentRequest.NameOf(call.By, repeated).AsSpan(0, KeyBytes) : RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>Null: the event is about nothing that is going on, which is no mistake of the sender.</summary>
    private static async Task<Outcome?> ApplyAsync(RunningEngine engine, PagerDutyEvent given, string key, Call call)
    {
        var now = engine.Options.Time.GetUtcNow();
        var claim = IncidentState.AlertClaim(Fingerprint(key));
        var ongoing = await engine.Journal.HolderAsync(claim, CancellationToken.None) is { } holder
            ? await engine.Actors.Incident(holder.Key).GetAsync()
            : null;
        var known = ongoing?.Alerts.FirstOrDefault(alert => alert.Fingerprint == Fingerprint(key));
        switch (given.Action)
        {
            case PagerDutyAction.Trigger:
                return await engine.Declarations.DeclareAsync(Declaration(given, key, known, now), call);
            case PagerDutyAction.Acknowledge when ongoing is not null:
                var acknowledged = await engine.Actors.Incident(ongoing.Id).DoAsync(new AcknowledgeIncident("acknowledged at the sender"), call);
                return acknowledged is Rejected { Rule: Rules.IncidentClosed } ? null : acknowledged;
            case PagerDutyAction.Resolve when known is not null:
                var resolved = known with { Status = AlertStatus.Resolved, EndsAt = known.StartsAt > now ? known.StartsAt : now };
                return await engine.Declarations.JoinAsync(new JoinAlerts(null, [resolved], null), call);
            default:
                return null;
        }
    }

    private static string Fingerprint(string key) => "pagerduty:" + key;

    /// <summary>A trigger of what fires already is the same alert; of what was resolved, it fires again, whatever time the sender gives it.</summary>
    private static DeclareIncident Declaration(PagerDutyEvent given, string key, AlertSeen? known, DateTimeOffset now)
    {
        var started = given.At is { } at && at < now && at >= FirstSign.Earliest ? at : now;
        var fires = known switch
        {
            null => started,
            { Status: AlertStatus.Firing } => known.StartsAt,
            { EndsAt: { } ended } when ended >= now => ended.AddTicks(1),
            _ => now,
        };
        var alert = new AlertSeen(Fingerprint(key), given.Source, AlertStatus.Firing, fires, null, given.Summary, given.Severity);
        return new DeclareIncident(given.Summary, given.Severity, null, given.Description, started, given.Labels, "pagerduty", null, null, [alert]);
    }

    /// <summary>With tokens the routing key is one that <c>incident token create @pagerduty</c> made.</summary>
    private static async Task<(AccessToken? Token, IResult? Unknown)> TokenAsync(
        string key, TokenRecords tokens, RunningEngine engine, CancellationToken cancel)
    {
        if (!await tokens.AnyAsync(cancel)) return (null, null);
        return await tokens.FindAsync(key, cancel) is { Handle: Handle.PagerDuty } token && token.IsValid(engine.Options.Time.GetUtcNow())
            ? (token, null)
            : (null, Invalid("'routing_key' is unknown, expired or revoked"));
    }

    private static IResult Invalid(params ImmutableArray<string> errors) =>
        Json(StatusCodes.Status400BadRequest, new PagerDutyAnswer("invalid event", "Event object is invalid", Errors: errors));

    private static IResult Json(int status, PagerDutyAnswer answer) => TypedResults.Json(answer, ServerJson.Info<PagerDutyAnswer>(), statusCode: status);
}
