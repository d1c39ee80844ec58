using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Alerts;

/// <summary>
/// What one webhook leads to. Its group and its alerts' fingerprints are names of the ongoing incident that they belong to: sent again,
/// they find it; without one, firing alerts declare it and resolved ones are ignored.
/// </summary>
internal sealed class AlertmanagerWebhook(RunningEngine engine, Call call)
{
    private readonly List<WebhookIncident> incidents = [];
    private readonly List<WebhookIgnored> ignored = [];

    /// <summary>The answer, or why the webhook was not applied.</summary>
    public async Task<(WebhookAnswer? Answer, Outcome? Refusal, bool Replayed)> ApplyAsync(AlertmanagerPayload payload)
    {
        var alerts = (payload.Alerts ?? []).Select(AlertReading.Of).GroupBy(alert => alert.Seen.Fingerprint)
            .Select(same => same.MaxBy(alert => alert.Seen.StartsAt)!).ToList();
        Ignore(alerts, alert => alert.Severity is null, "its severity says that nobody need act");
        Ignore(alerts, alert => alert.Seen.EndsAt < alert.Seen.StartsAt, "it ended before it began; put the clock of its source right");
        if (alerts.Count == 0) return (Answered, null, false);

        var group = string.IsNullOrWhiteSpace(payload.GroupKey) ? null : AlertReading.Name(payload.GroupKey);
        var truncated = payload.TruncatedAlerts > 0;
        var outcome = await engine.Declarations.FirstAnswerAsync(call) ?? (alerts.Any(alert => alert.Firing)
            ? await engine.Declarations.DeclareAsync(Declaration(group, alerts) with { Truncated = truncated }, call)
            : await engine.Declarations.JoinAsync(new JoinAlerts(group, [.. alerts.Select(Seen)], null, Truncated: truncated), call));
        switch (outcome)
        {
            case null:
                foreach (var alert in alerts) ignored.Add(new WebhookIgnored(alert.Seen.Fingerprint, "resolved, and no ongoing incident has it"));
                return (Answered, null, false);
            case Accepted accepted:
                var created = accepted.Answer.TryGetProperty("created", out var answer) && answer.ValueKind == System.Text.Json.JsonValueKind.True;
                incidents.Add(new WebhookIncident(accepted.Answer.GetProperty("id").GetString()!, created));
                return (Answered, null, accepted.Replayed);
            default:
                return (null, outcome, false);
        }
    }

    private void Ignore(List<AlertReading> alerts, Predicate<AlertReading> which, string reason)
    {
        ignored.AddRange(alerts.FindAll(which).Select(alert => new WebhookIgnored(alert.Seen.Fingerprint, reason)));
        alerts.RemoveAll(which);
    }

    private WebhookAnswer Answered => new(incidents, ignored);

    private DeclareIncident Declaration(string? group, List<AlertReading> alerts)
    {
        var lead = alerts.Where(alert => alert.Firing).OrderBy(Severity).First();
        var started = alerts.Where(alert => alert.Firing).Select(alert => alert.Seen.StartsAt)
            .Where(starts => starts >= FirstSign.Earliest).DefaultIfEmpty().Min();
        return new DeclareIncident(
            lead.Seen.Summary ?? lead.Seen.Name, Severity(lead), lead.Category, lead.Description, Past(started), lead.Labels, "alertmanager", null, group,
            [.. alerts.Select(Seen)], Signals: [.. alerts.Where(alert => alert.Firing).Select(Signal)]);
    }

    private static AlertSignal Signal(AlertReading alert) => new(alert.Seen.Fingerprint, alert.Labels, alert.Category);

    private AlertSeen Seen(AlertReading alert) => alert.Seen with { Severity = Severity(alert) };

    /// <summary>A source whose clock runs ahead must not have its alert refused.</summary>
    private DateTimeOffset? Past(DateTimeOffset started) => started == default || started > engine.Options.Time.GetUtcNow() ? null : started;

    /// <summary>The severity that the alert would be declared with: its labels may meet a SEV-1 criterion.</summary>
    private Severity Severity(AlertReading alert) =>
        SeverityCriteria.Met(alert.Category, alert.Labels, engine.Options.Policy.LossPerMinute) is null
            ? alert.Severity!.Value
            : Core.Incidents.Severity.Sev1;
}
