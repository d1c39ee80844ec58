using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Routes;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Alerts;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;
using IncidentActors.Silo.Access;

namespace IncidentActors.Server.PagerDuty;

/// <summary>What PagerDuty's senders are answered, in PagerDuty's words.</summary>
public sealed record PagerDutyAnswer(
    string Status, string Message,
    [property: JsonPropertyName("dedup_key"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DedupKey = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? Errors = null,
    [property: JsonPropertyName("incident_key"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IncidentKey = null);

/// <summary>
/// PagerDuty's Events API v2 and v1, so that its senders work by changing a URL. An event is an alert with its <c>dedup_key</c> as fingerprint:
/// it declares an incident or joins the ongoing one, and its resolution is a suggestion to resolve.
/// </summary>
internal static class PagerDutyEndpoints
{
    private const int Budget = 512 * 1024;
    private const int MaxItems = 1000;
    private const int KeyBytes = 16;
    private const int MaxRoute = 300;
    private const string KeyHeader = "X-Routing-Key";

    public static void MapPagerDuty(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v2/enqueue", ReceiveAsync)
            .Write<JsonElement, PagerDutyAnswer>(
                "Alerts", "PagerDuty Events v2: trigger, acknowledge and resolve by dedup_key. 202, 400 or 429; of more than 512 KB the rest is left out.")
            .WithKeyInBody();
        app.MapPost(
                "/v2/change/enqueue",
                (HttpContext http) => Invalid(http, "Change events are not read here; send alert events (Events API v2) to /v2/enqueue"))
            .WithKeyInBody()
            .Write<JsonElement, PagerDutyAnswer>("Alerts", "PagerDuty's change events: refused with a sentence.");
        app.MapPost("/generic/2010-04-15/create_event.json", ReceiveAsync)
            .WithKeyInBody()
            .Write<JsonElement, PagerDutyAnswer>("Alerts", "PagerDuty Events v1: service_key, incident_key and event_type. 200, 400 or 429.");
    }

    private static async Task<IResult> ReceiveAsync(
        HttpContext http, RunningEngine engine, TokenRecords tokens, TokenBuckets buckets, AccessAudit audit, AlertIntake intake)
    {
        var call = CallReader.Source(http.Request, Handle.PagerDuty);
        var (body, digest, problem) = await SourceBody.ReadAsync(http, Budget, MaxItems);
        if (problem is not null) return problem.Status == StatusCodes.Status400BadRequest ? Invalid(http, problem.Detail) : Answer.Of(problem);
        call = call.With(http.Request.Path, digest);
        if (PagerDutyEvent.ListIn(body!.Root!) is not { } list) return (await OneAsync(body.Root!, call)).Answer;

        // Each event is taken by itself: one that is refused keeps no other back.
        (IResult? Answer, bool Taken) all = (null, true);
        for (var i = 0; i < list.Length; i++)
        {
            var one = await OneAsync(list[i], call.Key is null ? call : call with { Key = $"{call.Key}/{i}" });
            if (all.Answer is null || all.Taken) all = one;
        }

        return all.Answer!;

        async Task<(IResult Answer, bool Taken)> OneAsync(JsonObject json, Call by)
        {
            var answer = await EventAsync(http, json, body.Cut, by, engine, tokens, buckets, audit, intake);
            return (answer, answer is IStatusCodeHttpResult { StatusCode: < 300 });
        }
    }

    private static async Task<IResult> EventAsync(
        HttpContext http, JsonObject json, IReadOnlyList<string> cut, Call call, RunningEngine engine, TokenRecords tokens, TokenBuckets buckets,
        AccessAudit audit, AlertIntake intake)
    {
        var (given, errors) = PagerDutyEvent.Read(json, http.Request.Headers[KeyHeader] is [{ Length: > 0 } header] ? header.Trim() : null);
        if (given is null || errors.Length > 0) return Invalid(http, [.. errors]);
        var (token, unknown) = await TokenAsync(http, given.RoutingKey, tokens, engine);
        if (unknown is not null)
        {
            audit.Refused(http, Rules.TokenUnknown, null);
            return unknown;
        }

        using var lease = buckets.Limiter.AttemptAcquire(token?.Id ?? "");
        if (!lease.IsAcquired) return Answer.Of(RateLimits.TooMany(http, token, lease));
        call = call with { Token = token?.Id };
        var key = given.DedupKey ?? NewKey(call);
        var fingerprint = AlertReading.Name($"pagerduty:{token?.Id ?? Integration(given.RoutingKey)}:{key}");
        var (outcome, held) = await engine.Declarations.FirstAnswerAsync(call) is { } first
            ? (first, null)
            : await ApplyAsync(engine, intake, given, fingerprint, call);
        if (outcome is Accepted { Replayed: true }) http.Response.Headers[CallReader.ReplayHeader] = "true";
        if (outcome is null or Accepted)
        {
            engine.Log.Paged(
                given.Action.ToString(), key, (outcome as Accepted)?.Answer.TryGetProperty("id", out var id) == true ? id.GetString() ?? Log.None : Log.None);
            if (cut.Count > 0) engine.Log.AlertsCut("pagerduty", string.Join(", ", cut));
        }

        return outcome switch
        {
            null or Accepted when given.IsV1 => Json(StatusCodes.Status200OK, new PagerDutyAnswer("success", Processed(cut, held), IncidentKey: key)),
            null or Accepted => Json(StatusCodes.Status202Accepted, new PagerDutyAnswer("success", Processed(cut, held), key)),
            Rejected { Rule: not Rules.KeyReused } rejected => Invalid(http, rejected.Sentence),
            _ => Answer.Of(outcome),
        };
    }

    private static string Processed(IReadOnlyList<string> cut, string? held) =>
        string.Join("; ", ((string?[])["Event processed", held, cut.Count == 0 ? null : $"left out: {string.Join(", ", cut)}"]).OfType<string>());

    /// <summary>A <c>dedup_key</c> belongs to its integration: two that send the same key are two alerts.</summary>
    private static string Integration(string routingKey) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(routingKey)))[..12];

    /// <summary>A <c>dedup_key</c> for a trigger without one: a repetition gets the one that it got first.</summary>
    private static string NewKey(Call call) => Convert.ToHexStringLower(
        call.Key is { } repeated ? SentRequest.NameOf(call.By, repeated).AsSpan(0, KeyBytes) : RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>Both null if the event is about no open incident, which is not the sender's mistake. <c>Held</c>: why it was held back or dropped.</summary>
    private static async Task<(Outcome? Outcome, string? Held)> ApplyAsync(
        RunningEngine engine, AlertIntake intake, PagerDutyEvent given, string fingerprint, Call call)
    {
        var now = engine.Options.Time.GetUtcNow();
        var ongoing = await engine.Journal.HolderAsync(IncidentState.AlertClaim(fingerprint), CancellationToken.None) is { } holder
            ? await engine.Views.IncidentAsync(holder.Key)
            : null;
        var known = ongoing?.Alerts.FirstOrDefault(alert => alert.Fingerprint == fingerprint);
        switch (given.Action)
        {
            case PagerDutyAction.Trigger:
                return await TriggerAsync(engine, intake, given, new AlertSeen(
                    fingerprint, given.Source, AlertStatus.Firing, Fires(given, known, now), null, given.Summary), call);
            case PagerDutyAction.Acknowledge when ongoing is not null:
                var acknowledged = await engine.Actors.Incident(ongoing.Id).DoAsync(new AcknowledgeIncident("acknowledged at the sender"), call);
                return (acknowledged is Rejected { Rule: Rules.IncidentClosed } ? null : acknowledged, null);
            case PagerDutyAction.Resolve when known is not null:
                var resolved = known with { Status = AlertStatus.Resolved, EndsAt = known.StartsAt > now ? known.StartsAt : now };
                return (await engine.Declarations.JoinAsync(new JoinAlerts(null, [resolved], null, Source: "pagerduty"), call), null);
            case PagerDutyAction.Resolve:
                await intake.DropHeldAlertAsync(fingerprint);
                return (null, null);
            default:
                return (null, null);
        }
    }

    private static async Task<(Outcome? Outcome, string? Held)> TriggerAsync(
        RunningEngine engine, AlertIntake intake, PagerDutyEvent given, AlertSeen alert, Call call)
    {
        var signal = new AlertSignal(alert.Fingerprint, given.Labels, null, given.Text);
        var routed = engine.Options.Routes.Of(Signal.Of("pagerduty", signal, alert));
        if (routed.Set.Drop is { } why) return (null, $"not declared: {why}");
        var severity = SeverityCriteria.Met(routed.Set.Category, given.Labels, engine.Options.Policy.LossPerMinute) is null ? routed.Severity : Severity.Sev1;
        alert = alert with { Severity = severity, Route = Shortened.To(routed.Account, MaxRoute) };
        var group = await intake.GroupAsync(AlertIntake.GroupOf(routed, given.Labels), routed.Set.GroupFor);
        var declare = new DeclareIncident(
            given.Summary, severity, null, given.Description, alert.StartsAt, given.Labels, "pagerduty", null, group, [alert], Signals: [signal]);
        return routed.Set.Hold is { } hold && await intake.HoldAsync(declare, hold, alert.StartsAt, call)
            ? (null, $"held back until it has fired for {hold.TotalSeconds:0} s")
            : (await engine.Declarations.DeclareAsync(declare, call), null);
    }

    /// <summary>A trigger of a firing alert is the same alert; a trigger of a resolved alert fires it again, regardless of the sender's time.</summary>
    private static DateTimeOffset Fires(PagerDutyEvent given, AlertSeen? known, DateTimeOffset now) => known switch
    {
        null => given.At is { } at && at < now && at >= FirstSign.Earliest ? at : now,
        { Status: AlertStatus.Firing } => known.StartsAt,
        { EndsAt: { } ended } when ended >= now => ended.AddTicks(1),
        _ => now,
    };

    /// <summary>With tokens the routing key is one that <c>incident token create @pagerduty</c> made.</summary>
    private static async Task<(AccessToken? Token, IResult? Unknown)> TokenAsync(
        HttpContext http, string key, TokenRecords tokens, RunningEngine engine)
    {
        if (!await tokens.AnyAsync(http.RequestAborted)) return (null, null);
        return await tokens.FindAsync(key, http.RequestAborted) is { Handle: Handle.PagerDuty } token && token.IsValid(engine.Options.Time.GetUtcNow())
            ? (token, null)
            : (null, Invalid(http, "'routing_key' is unknown, expired or revoked"));
    }

    private static IResult Invalid(HttpContext http, params ImmutableArray<string> errors)
    {
        http.Items[typeof(Problem)] = Problem.Named("event.invalid", "Invalid event", StatusCodes.Status400BadRequest, string.Join("; ", errors));
        return Json(StatusCodes.Status400BadRequest, new PagerDutyAnswer("invalid event", "Event object is invalid", Errors: errors));
    }

    private static IResult Json(int status, PagerDutyAnswer answer) => TypedResults.Json(answer, ServerJson.Info<PagerDutyAnswer>(), statusCode: status);
}
