using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Archives;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
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
            if (!IsBookkeeping(one) && Of(one) is { } line) yield return line;
        }
    }

    /// <summary>Entries that reports leave out: queueing and closing of work outside the response, and texts added to it.</summary>
    private static bool IsBookkeeping(TimelineEvent one) => one.Event switch
    {
        AtpMoved { From: var from } when from.StartsWith('(') => true,
        AtpMoved { To: "Queued" or "Assessed" or "InProgress" or "Complete", Notes: null } => true,
        AtpArtifactAdded => true,
        _ => false,
    };

    /// <summary>One event in words; null if it says nothing to a reader.</summary>
    public static TimelineLine? Of(TimelineEvent one) => Line(one) is { } line ? new TimelineLine(one.At, line.Event, line.Action) : null;

    private static (string Event, string Action)? Line(TimelineEvent one) => one.Event switch
    {
        IncidentDeclared e => ($"Incident declared as {ReportWords.Both(e.Severity)}", Join($"commander {e.Commander}; declared by {one.By}", e.Route)),
        IncidentHaltJoined e => (HaltedWords(e.Mode), e.HaltId),
        IncidentRecategorized e => (
            $"Category {e.From.ToString().ToLowerInvariant()} → {e.To.ToString().ToLowerInvariant()} by {one.By}",
            Join(e.Reason, e.Joined.IsEmpty ? null : $"{string.Join(", ", e.Joined)} respond", e.Left.IsEmpty ? null : $"{string.Join(", ", e.Left)} are off")),
        IncidentConditionMet { Account: { } account } e => ($"Halt condition {e.Condition} ({e.Mode.Name()})", account),
        IncidentAlertsJoined e when !e.Alerts.IsEmpty =>
            ($"Alerts: {Listed(e.Alerts)}", e.Alerts.Select(alert => alert.Route).FirstOrDefault(route => route is not null) ?? ""),
        IncidentResolutionSuggested => ("All alerts have resolved", "Resolution suggested"),
        IncidentAcknowledged e => ($"Acknowledged by {one.By}", e.Notes ?? ""),
        IncidentAssessed e => ($"Assessed by {one.By}", e.Broken ?? ""),
        IncidentMitigationStarted e => (
            $"Mitigation started by {one.By}",
            Join(e.Action, e.ExpectedMinutes is { } minutes ? $"expected {minutes} min" : null, e.Notes)),
        IncidentMitigated e => ("Mitigated", e.Notes ?? ""),
        IncidentResolved e => ($"Resolved by {one.By}", Join(e.Summary, e.Fix, e.NoFix is { } none ? $"no fix was needed: {none}" : null)),
        IncidentEscalated { AtpId: { } atp } => ("Work raised to SEV-1", atp),
        IncidentOverridden e => ($"Overridden by {one.By}: {e.Command}", e.Reason),
        AtpOverridden e => ($"Overridden by {one.By}: {e.Command} on {one.Actor.Key}", e.Reason),
        AtpCanceled e => ($"{one.Actor.Key} canceled", e.Reason),
        HaltOverridden e => ($"Overridden by {one.By}: {e.Command} on {one.Actor.Key}", e.Reason),
        HaltOverdue e => ($"{one.Actor.Key} still active", $"Told {string.Join(", ", e.Told)}"),
        IncidentReopened e => ($"Reopened by {one.By}", e.Reason),
        IncidentClosed e => ($"Incident closed by {one.By}", e.OverrideReason is { } reason ? $"Skipped {string.Join(", ", e.Skipped)}: {reason}" : ""),
        IncidentCanceled e => ($"Canceled by {one.By}", e.Reason),
        IncidentNoted e => ($"Note by {one.By}", e.Text),
        IncidentSeverityChanged e => ($"Severity {e.From.Name()} → {e.To.Name()} by {one.By}", e.Reason ?? ""),
        IncidentCommanderChanged e => ($"Commander changed from {e.From} to {e.To}", e.Reason ?? ""),
        IncidentOverdue e => ($"Overdue: {e.Clock}, step {e.Step}", $"Told {string.Join(", ", e.Told)}"),
        HaltLifted e => ($"Halt lifted by {one.By}", e.Notes ?? ""),
        AtpMoved e when e.From != e.To => ($"{one.Actor.Key}: {e.From} → {e.To}", Join(e.Trigger, one.By == Handle.System ? "by itself" : one.By, e.Notes)),
        ApprovalDecided e => (
            $"{(e.Approved ? "Approved" : "Rejected")} {(e.Automatic ? "automatically: not decided in time" : By(one.By, e.For))}",
            e.Note is { } note && !e.Automatic ? note : ""),
        ApprovalGiven e => ($"Approved {By(one.By, e.For)}; others must, too", e.Note ?? ""),
        AtpOverdue e => ($"{one.Actor.Key} overdue: {e.Clock}", ""),
        AtpArtifactAdded e => ($"{e.Type} by {one.By}", e.Title),
        AtpFollowUpCreated e => ($"Follow-up {e.AtpId} created", e.Type),
        RunbookProposed e => ($"Runbook {e.Runbook} proposed by {one.By}", e.DryRun ? "dry run" : ""),
        RunbookApprovalGiven e => ($"Run {e.RunId} approved by {one.By}; others must, too", e.Note ?? ""),
        RunbookDecided e => ($"Run {e.RunId} {(e.Approved ? "approved" : "rejected")} by {one.By}", e.Note ?? ""),
        RunbookFinished e => ($"Run {e.RunId}: {e.Outcome.ToString().ToLowerInvariant()}", e.ExitCode is { } code ? $"exit code {code}" : ""),
        KnowledgeWritten e => ("Knowledge entry written", e.Entry.Id),
        ActorArchived e => ($"{one.Actor.Key} archived", e.File),
        ActorRestored e => ($"{one.Actor.Key} restored from its archive", e.File),
        UnknownEvent e => ($"{e.Name} by {one.By}", "written by a newer version of this program"),
        _ => null,
    };

    private static string By(string handle, string? delegator) => delegator is null ? $"by {handle}" : $"by {handle} for {delegator}";

    private static string HaltedWords(HaltMode? mode) => mode switch
    {
        HaltMode.Shadow => "Shadow: other work would have been halted; nothing was",
        HaltMode.Warn => "Warned only: other work would have been halted; nothing was",
        _ => "Other work halted",
    };

    private static string Listed(ImmutableArray<AlertSeen> alerts)
    {
        const int Most = 50;
        var names = alerts.Take(Most).Select(alert => $"{alert.Name} {alert.Status.ToString().ToLowerInvariant()}");
        return string.Join(", ", alerts.Length > Most ? names.Append($"and {alerts.Length - Most} more") : names);
    }

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
