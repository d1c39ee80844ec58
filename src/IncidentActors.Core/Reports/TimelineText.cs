using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Reports;

/// <summary>What happened and what was done, in words, for the table of seed 002's template.</summary>
public sealed record TimelineLine(DateTimeOffset At, string Event, string Action);

/// <summary>Which events a reader of a report wants to see, and how they read.</summary>
public static class TimelineText
{
    /// <summary>In the order of time: the first sign, then every event that says something.</summary>
    public static IEnumerable<TimelineLine> Of(Dossier dossier)
    {
        var incident = dossier.Incident;
        if (incident.StartedAt < incident.DeclaredAt) yield return new TimelineLine(incident.StartedAt, "First sign", "");
        foreach (var one in dossier.Timeline)
        {
            if (Of(one) is { } line) yield return line;
        }
    }

    /// <summary>One event in words, or null: it says nothing to a reader.</summary>
    public static TimelineLine? Of(TimelineEvent one) => Line(one) is { } line ? new TimelineLine(one.At, line.Event, line.Action) : null;

    private static (string Event, string Action)? Line(TimelineEvent one) => one.Event switch
    {
        IncidentDeclared e => ($"Incident declared as {ReportWords.Both(e.Severity)}", $"{e.Commander} commands; declared by {one.By}"),
        IncidentHaltJoined e => ("Other work halted", e.HaltId),
        IncidentAlertsJoined e when !e.Alerts.IsEmpty =>
            ($"Alerts: {string.Join(", ", e.Alerts.Select(alert => $"{alert.Name} {alert.Status.ToString().ToLowerInvariant()}"))}", ""),
        IncidentResolutionSuggested => ("All alerts have resolved", "Resolution suggested"),
        IncidentAcknowledged e => ($"Acknowledged by {one.By}", e.Notes ?? ""),
        IncidentAssessed e => ($"Assessed by {one.By}", e.Broken ?? ""),
        IncidentMitigationStarted e => (
            $"Mitigation started by {one.By}",
            Join(e.Action, e.ExpectedMinutes is { } minutes ? $"expected {minutes} min" : null, e.Notes)),
        IncidentMitigated e => ("Mitigated", e.Notes ?? ""),
        IncidentResolved e => ($"Resolved by {one.By}", Join(e.Summary, e.Fix)),
        IncidentReopened e => ($"Reopened by {one.By}", e.Reason),
        IncidentClosed e => ($"Incident closed by {one.By}", e.OverrideReason is { } reason ? $"Skipped {string.Join(", ", e.Skipped)}: {reason}" : ""),
        IncidentCanceled e => ($"Canceled by {one.By}", e.Reason),
        IncidentNoted e => ($"Note by {one.By}", e.Text),
        IncidentSeverityChanged e => ($"Severity {e.From.Name()} → {e.To.Name()} by {one.By}", e.Reason ?? ""),
        IncidentCommanderChanged e => ($"Command passed from {e.From} to {e.To}", e.Reason ?? ""),
        IncidentOverdue e => ($"Overdue: {e.Clock}, step {e.Step}", $"Told {string.Join(", ", e.Told)}"),
        HaltLifted e => ($"Halt lifted by {one.By}", e.Notes ?? ""),
        AtpMoved e when e.From != e.To => ($"{one.Actor.Key}: {e.From} → {e.To}", Join(e.Trigger, one.By == Handle.System ? "by itself" : one.By)),
        ApprovalDecided e => (
            $"{(e.Approved ? "Approved" : "Rejected")} {(e.Automatic ? "by itself: nobody decided in time" : "by " + one.By)}",
            e.Note is { } note && !e.Automatic ? note : ""),
        AtpOverdue e => ($"{one.Actor.Key} overdue: {e.Clock}", ""),
        AtpArtifactAdded e => ($"{e.Type} by {one.By}", e.Title),
        AtpFollowUpCreated e => ($"Follow-up {e.AtpId} created", e.Type),
        RunbookProposed e => ($"Runbook {e.Runbook} proposed by {one.By}", e.DryRun ? "dry run" : ""),
        RunbookDecided e => ($"Run {e.RunId} {(e.Approved ? "approved" : "rejected")} by {one.By}", e.Note ?? ""),
        RunbookFinished e => ($"Run {e.RunId}: {e.Outcome.ToString().ToLowerInvariant()}", e.ExitCode is { } code ? $"exit code {code}" : ""),
        KnowledgeWritten e => ("Knowledge entry written", e.Entry.Id),
        _ => null,
    };

    private static string Join(params ReadOnlySpan<string?> parts)
    {
        var said = new List<string>();
        foreach (var part in parts)
        {
            if (!string.IsNullOrWhiteSpace(part)) said.Add(part.Trim().TrimEnd('.'));
        }

        return string.Join("; ", said);
    }
}
