using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Alerts;

/// <summary>
/// What one webhook leads to. Its group and its alerts' fingerprints are names of the ongoing incident that they belong to: sent again,
/// they find it; without one, firing alerts declare it and resolved ones are ignored. Rules may group, drop and hold back alerts.
/// </summary>
/// <param name="cut">Not all of the notification could be read.</param>
internal sealed class AlertmanagerWebhook(RunningEngine engine, AlertIntake intake, Call call, bool cut)
{
    private readonly List<WebhookIncident> incidents = [];
    private readonly List<WebhookIgnored> ignored = [];

    /// <summary>The answer, or why the webhook was not applied.</summary>
    public async Task<(WebhookAnswer? Answer, Outcome? Refusal, bool Replayed)> ApplyAsync(AlertmanagerPayload payload)
    {
        var now = engine.Options.Time.GetUtcNow();
        var source = AlertIntake.SourceOf(payload.ExternalURL, call.Token);
        var alerts = (payload.Alerts ?? [])
            .Select(alert => AlertReading.Of(alert, payload.Status, source, engine.Options.Routes, now))
            .GroupBy(alert => alert.Seen.Fingerprint)
            .Select(same => same.MaxBy(alert => alert.Seen.StartsAt)!).ToList();
        Ignore(alerts, alert => alert.Firing && alert.Routed.Set.Drop is not null, alert => alert.Routed.Set.Drop!);
        Ignore(alerts, alert => alert.Quiet, _ => "its sender says that it is silenced, or does not fire yet");
        Ignore(alerts, alert => alert.Seen.EndsAt < alert.Seen.StartsAt, _ => "it ended before it began; correct the clock of its source");
        if (alerts.Count == 0) return (Answered, null, false);
        if (await engine.Declarations.FirstAnswerAsync(call) is { } first) return first is Accepted known ? Took(known) : (null, first, false);

        await HoldAsync(alerts, now);
        var truncated = cut || payload.TruncatedAlerts > 0;
        var group = string.IsNullOrWhiteSpace(payload.GroupKey) ? null : AlertReading.Name(source + payload.GroupKey);
        var replayed = false;
        foreach (var part in alerts.GroupBy(alert => AlertIntake.GroupOf(alert.Routed, alert.Labels) ?? group).ToList())
        {
            var (outcome, again) = await ApplyAsync(part.Key, [.. part], truncated, incidents.Count == 0 ? call : call with { Key = null });
            if (outcome is not null) return (null, outcome, false);
            replayed |= again;
        }

        return (Answered, null, replayed);
    }

    /// <summary>One group. An outcome other than null: it was not applied.</summary>
    private async Task<(Outcome? Refusal, bool Replayed)> ApplyAsync(string? group, List<AlertReading> alerts, bool truncated, Call by)
    {
        group = await intake.GroupAsync(group, alerts.FirstOrDefault(alert => alert.Routed.Set.GroupFor is not null)?.Routed.Set.GroupFor);
        var outcome = alerts.Any(alert => alert.Firing)
            ? await engine.Declarations.DeclareAsync(Declaration(group, alerts) with { Truncated = truncated }, by)
            : await engine.Declarations.JoinAsync(
                new JoinAlerts(group, [.. alerts.Select(alert => alert.Seen)], null, Truncated: truncated, Source: "alertmanager"), by);
        switch (outcome)
        {
            case null:
                foreach (var alert in alerts) ignored.Add(new WebhookIgnored(alert.Fingerprint, "resolved, and no ongoing incident has it"));
                return (null, false);
            case Accepted accepted:
                return (null, Took(accepted).Replayed);
            default:
                return (outcome, false);
        }
    }

    private (WebhookAnswer Answer, Outcome? Refusal, bool Replayed) Took(Accepted accepted)
    {
        var created = accepted.Answer.TryGetProperty("created", out var answer) && answer.ValueKind == System.Text.Json.JsonValueKind.True;
        incidents.Add(new WebhookIncident(accepted.Answer.GetProperty("id").GetString()!, created));
        return (Answered, null, accepted.Replayed);
    }

    /// <summary>Alerts that must fire for a time before they declare wait; one that has resolved meanwhile waits no more.</summary>
    private async Task HoldAsync(List<AlertReading> alerts, DateTimeOffset now)
    {
        foreach (var alert in alerts.Where(alert => alert.Routed.Set.Hold is not null).ToList())
        {
            if (!alert.Firing)
            {
                await intake.DropHeldAlertAsync(alert.Seen.Fingerprint);
                continue;
            }

            var began = alert.Seen.StartsAt >= FirstSign.Earliest && alert.Seen.StartsAt < now ? alert.Seen.StartsAt : now;
            var group = AlertIntake.GroupOf(alert.Routed, alert.Labels);
            if (!await intake.HoldAsync(Declaration(group, [alert]), alert.Routed.Set.Hold!.Value, began, call)) continue;
            ignored.Add(new WebhookIgnored(alert.Fingerprint, $"held back until it has fired for {alert.Routed.Set.Hold.Value.TotalSeconds:0} s"));
            alerts.Remove(alert);
        }
    }

    private void Ignore(List<AlertReading> alerts, Predicate<AlertReading> which, Func<AlertReading, string> reason)
    {
        ignored.AddRange(alerts.FindAll(which).Select(alert => new WebhookIgnored(alert.Fingerprint, reason(alert))));
        alerts.RemoveAll(which);
    }

    private WebhookAnswer Answered => new(incidents, ignored);

    private DeclareIncident Declaration(string? group, List<AlertReading> alerts)
    {
        var firing = alerts.Where(alert => alert.Firing).OrderBy(Severity).ToList();
        var lead = firing[0];
        var started = firing.Select(alert => alert.Seen.StartsAt).Where(starts => starts >= FirstSign.Earliest).DefaultIfEmpty().Min();
        return new DeclareIncident(
            lead.Seen.Summary ?? lead.Seen.Name, Severity(lead), null, lead.Description, Past(started), lead.Labels, "alertmanager", null, group,
            [.. alerts.Select(alert => alert.Seen with { Severity = Severity(alert) })], Signals: [.. firing.Select(alert => alert.Signal)]);
    }

    /// <summary>The alert of a source with a clock that runs ahead must not be refused.</summary>
    private DateTimeOffset? Past(DateTimeOffset started) => started == default || started > engine.Options.Time.GetUtcNow() ? null : started;

    /// <summary>The severity that the alert would be declared with: its labels may meet a SEV-1 criterion.</summary>
    private Severity Severity(AlertReading alert) =>
        SeverityCriteria.Met(alert.Routed.Set.Category, alert.Labels, engine.Options.Policy.LossPerMinute) is null
            ? alert.Routed.Severity
            : Core.Incidents.Severity.Sev1;
}
