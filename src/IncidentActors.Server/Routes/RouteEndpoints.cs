using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Routes;
using IncidentActors.Server.Alerts;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.PagerDuty;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Routes;

public sealed record RouteTestArguments
{
    [Description("A notification as its sender has sent it, word for word."), MaxLength(8 * 1024 * 1024)]
    public required string Payload { get; init; }
}

/// <summary>What would become of one alert.</summary>
/// <param name="Declares">False: nothing is declared, <paramref name="Account"/> says why.</param>
/// <param name="Condition">The halt condition that it would meet, with its mode; or null.</param>
/// <param name="Halts">Its halt would stop work.</param>
/// <param name="Account">Which rule sets what.</param>
public sealed record RoutedAlert(
    string Source, string Name, AlertStatus Status, bool Declares, Severity Severity, IncidentCategory Category, string? Condition, bool Halts,
    string? Group, string? Hold, string Account);

public sealed record RouteTestAnswer(
    ImmutableArray<RoutedAlert> Alerts, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Cut = null);

/// <summary>A rule of the routes that the server runs with.</summary>
public sealed record RouteRuleView(string Name, ImmutableSortedDictionary<string, string> Set);

internal static class RouteEndpoints
{
    private const int MaxAlerts = 1000;

    public static void MapRoutes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/routes", (RunningEngine engine) => Answer.Json(new Page<RouteRuleView>(
                [
                    .. engine.Options.Routes.Rules.Select(rule => new RouteRuleView(
                        rule.Name, rule.Set.Given().ToImmutableSortedDictionary(given => given.Key, given => given.Value))),
                ], null)))
            .Read<Page<RouteRuleView>>("Alerts", "The rules from alerts to incidents, in their order.");
        app.MapPost("/api/routes/test", TestAsync)
            .Write<RouteTestArguments, RouteTestAnswer>("Alerts", "What would become of a recorded notification; nothing is declared.");
    }

    private static async Task<IResult> TestAsync(HttpContext http, RunningEngine engine)
    {
        var (json, problem) = await Body.ReadAsync(http.Request, Body.WebhookLimit, http.RequestAborted);
        if (problem is not null) return Answer.Of(problem);
        var (given, refusal) = Arguments.Read(json, ServerJson.Info<RouteTestArguments>());
        if (given is null) return Answer.Of(refusal!);
        var body = LenientJson.Read(Encoding.UTF8.GetBytes(given.Payload), Body.WebhookLimit, MaxAlerts);
        if (body.Root is not { } root) return Answer.Of(Arguments.Malformed("The payload is not JSON, or not one object: {…}."));
        var alerts = root.ContainsKey("event_action") ? Event(root, engine) : Webhook(root, engine);
        return alerts is { } routed
            ? Answer.Json(new RouteTestAnswer(routed, body.Cut.Count == 0 ? null : body.Cut))
            : Answer.Of(Arguments.Malformed("The payload is neither a webhook with 'alerts' nor a PagerDuty event with 'event_action'."));
    }

    private static ImmutableArray<RoutedAlert>? Webhook(JsonObject root, RunningEngine engine)
    {
        var payload = AlertmanagerPayload.Of(root);
        var now = engine.Options.Time.GetUtcNow();
        return payload.Alerts is null
            ? null
            :
            [
                .. payload.Alerts.Select(alert => AlertReading.Of(alert, payload.Status, "", engine.Options.Routes, now))
                    .Select(alert => Of("alertmanager", alert.Seen.Name, alert.Seen.Status, alert.Labels, alert.Routed, engine)),
            ];
    }

    private static ImmutableArray<RoutedAlert>? Event(JsonObject root, RunningEngine engine)
    {
        var (given, _) = PagerDutyEvent.Read(root, "");
        if (given is null) return null;
        var status = given.Action == PagerDutyAction.Resolve ? AlertStatus.Resolved : AlertStatus.Firing;
        var seen = new AlertSeen("", given.Source, status, default, null, given.Summary);
        var routed = engine.Options.Routes.Of(Signal.Of("pagerduty", new AlertSignal("", given.Labels, null, given.Text), seen));
        return [Of("pagerduty", given.Summary, status, given.Labels, routed, engine)];
    }

    private static RoutedAlert Of(
        string source, string name, AlertStatus status, ImmutableSortedDictionary<string, string> labels, Routed routed, RunningEngine engine)
    {
        var criterion = SeverityCriteria.Met(routed.Set.Category, labels, engine.Options.Policy.LossPerMinute);
        var severity = criterion is null ? routed.Severity : Severity.Sev1;
        var halt = routed.Condition ?? (severity == Severity.Sev1 && routed.Halts ? engine.Options.Routes.Severity1 : null);
        var declares = routed.Set.Drop is null && status == AlertStatus.Firing;
        return new RoutedAlert(
            source, name, status, declares, severity,
            routed.Condition?.Category ?? routed.Set.Category ?? criterion?.Category ?? IncidentCategory.Availability,
            halt is null ? null : $"{halt.Id} ({halt.Mode.Name()})", declares && halt?.Mode.IsEnforced() == true,
            AlertIntake.GroupOf(routed, labels), routed.Set.Hold is { } hold ? Core.Flows.FlowDuration.Format(hold) : null,
            criterion is null ? routed.Account : $"{routed.Account}; SEV-1 by the criterion '{criterion.Means}'");
    }
}
