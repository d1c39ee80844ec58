using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Reports;

/// <summary>One sentence for every event. <see cref="TimelineText"/> has only what reports show; the activity log and followers see every event.</summary>
public static class EventSentences
{
    /// <summary>The event's name and its actor for one that only a newer program can read.</summary>
    public static string Of(TimelineEvent one) => Own(one.Actor.Key, one.Event)
        ?? (TimelineText.Of(one) is { } line ? Join(line.Event, line.Action)
            : $"{(one.Event is UnknownEvent unknown ? unknown.Name : EventTypes.NameOf(one.Event))} on {one.Actor}");

    private static string? Own(string key, IEvent happened) => happened switch
    {
        IncidentDeclared e => $"{key} declared, {e.Severity.Name()}: {e.Title}",
        IncidentNoted e => Join("Note", e.Text),
        IncidentAtpJoined e => $"{e.AtpId} belongs to {key}",
        IncidentAlertsJoined { Alerts.IsEmpty: true } e => $"Alert group {e.Group} belongs to {key}",
        IncidentLabelsSet e => $"{key}: {string.Join(", ", e.Labels.Select(label => $"{label.Key} {label.Value}"))}",
        IncidentKnowledgeJoined e => $"{e.EntryId} is the knowledge entry of {key}",
        RunbookStarted e => $"Run {e.RunId} has started",
        IncidentConditionMet e => $"Halt condition '{e.Condition}' met ({e.Mode.Name()})",
        IncidentResponderAdded e => $"{e.Responder.Handle} responds as {e.Responder.Role}",
        IncidentOverridden e => Join($"Rules overridden for {e.Command}", e.Reason),
        AtpCreated e => $"{key} created, {e.Flow}: {e.Title}",
        AtpMoved { From: var from, To: var to } e when from == to => Join($"{key} stays {to}", e.Trigger),
        AtpOwned e => e.Owner is { } owner ? $"{key} belongs to {owner}" : $"{key} has no owner",
        AtpWaits e => $"{key}: {(e.For.IsEmpty ? "no longer waits for other ATPs" : $"waits for {string.Join(", ", e.For)}")}",
        AtpAwaited e => $"{key}: {e.By} waits for it",
        AtpDetailed e => Join($"{key}: details", string.Join(", ", e.Details.Select(detail => $"{detail.Key} {detail.Value}"))),
        AtpNoted e => Join($"Note on {key}", e.Notes),
        AtpPriorityChanged e => $"{key}: {e.From} → {e.To}",
        AtpGateVerified e => Join($"{key}: gate {e.Gate} verified", e.Basis),
        AtpGateReopened e => Join($"{key}: gate {e.Gate} is open again", e.Reason),
        AtpHandedOff e => $"{key} handed from {e.From} to {e.To}",
        AtpApprovalAsked e => $"{key} waits for {e.ApprovalId}, which the role {e.Role} decides",
        AtpApprovalGiven e => $"{key}: {e.Given} of {e.Needed} have approved {e.ApprovalId}",
        AtpApprovalSettled e => $"{key}: {e.ApprovalId} {e.Status.ToString().ToLowerInvariant()}",
        AtpOverridden e => Join($"{key}: rules overridden for {e.Command}", e.Reason),
        AtpFinished => $"{key} is finished",
        AtpOwedWithdrawn e => Join($"{key}: {e.Owed.Length} owed messages withdrawn", e.Reason),
        MessageWithdrawn e => Join($"{MessageIds.Of(key, e.Number)} withdrawn", e.Reason),
        IncidentHaltLiftAsked e => Join($"Lift {e.HaltId}?", e.Reason),
        IncidentEscalated { AtpId: null } => $"{key} raised to SEV-1",
        MessageSent e => Join($"{e.Type} from {e.From} to {e.To}", e.Subject),
        MessageAcknowledged e => Join($"{MessageIds.Of(key, e.Number)} acknowledged", e.Notes),
        MessageOverdue e => $"{MessageIds.Of(key, e.Number)} is not acknowledged; {e.Told} is notified",
        ApprovalRequested e => Join($"{key} asks {e.Role}", e.Question),
        ApprovalGiven e => Join(e.For is { } of ? $"{key} approved for {of}; others must, too" : $"{key} approved; others must, too", e.Note),
        ApprovalOverdue => $"{key} is overdue: not decided in time",
        ApprovalVoided e => Join($"{key} is void", e.Reason),
        HaltRaised e => Join($"{(e.Mode.IsEnforced() ? "HALT" : $"{e.Mode.Name()} (nothing is halted): halt")} {key} of {e.Scope}", e.Reason),
        HaltLiftedPartly e => Join($"{key} lifted for {e.Scope}", e.Notes),
        HaltOverridden e => Join($"{key} overridden for {e.Command}", e.Reason),
        PermitGranted e => Join($"{key}: {e.Action} {e.Target} may start, until {e.Until:HH:mm:ss} UTC", e.BreakGlass),
        PermitRenewed e => $"{key} renewed until {e.Until:HH:mm:ss} UTC",
        PermitEnded e => Join($"{key} {e.Outcome.ToString().ToLowerInvariant()}", e.Notes),
        PermitLapsed e => e.Unknown ? $"{key} has ended without a report: the outcome is unknown" : $"{key} has expired",
        AgentBriefed e => $"{key} is briefed on {e.HaltId}",
        AgentBriefingAcknowledged e => $"{key} acknowledges what changed under {e.HaltId}",
        AgentActsFor e => e.Team is { } team ? $"{key} acts for the team {team}" : $"{key} acts for no team",
        AgentGuarded e => $"{key} is guarded by {e.Path}",
        KnowledgeOverridden e => Join($"{key} overridden for {e.Command}", e.Reason),
        AgentRegistered e => $"{e.Handle} is registered with the roles {string.Join(", ", e.Roles)}",
        AgentTurnStarted => $"{key} begins a turn",
        AgentTurnEnded e => $"{key} ends its turn by closing {e.AtpId}",
        AgentHaltConfirmed e => $"{key} confirms {e.HaltId}",
        AgentResumed e => $"{key} continues after {e.HaltId}",
        _ => null,
    };

    private static string Join(string what, string? more) => string.IsNullOrWhiteSpace(more) ? what : $"{what}: {more}";
}
