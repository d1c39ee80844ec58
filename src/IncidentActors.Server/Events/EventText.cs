using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Events;

/// <summary>Events in words, for people who read a timeline.</summary>
internal static class EventText
{
    public static string Of(StoredEvent stored)
    {
        var key = stored.Actor.Key;
        return EventTypes.Read(stored.Name, stored.Payload.Span) switch
        {
            IncidentDeclared e => $"{key} declared: {e.Severity.Name()} {e.Title}",
            IncidentAtpJoined e => $"{e.AtpId} joined, flow {e.Flow}",
            IncidentHaltJoined e => $"{e.HaltId} raised for it",
            IncidentAlertsJoined e => $"{e.Alerts.Count(alert => alert.Status == AlertStatus.Firing)} firing and {e.Alerts.Count(alert => alert.Status == AlertStatus.Resolved)} resolved alerts joined",
            IncidentResolutionSuggested => "all alerts have resolved; to be verified",
            IncidentAcknowledged => "acknowledged",
            IncidentAssessed e => $"assessed: {e.Broken}",
            IncidentMitigationStarted e => $"mitigation started: {e.Action}",
            IncidentMitigated => "mitigated",
            IncidentResolved e => $"resolved: {e.Summary ?? e.ByArtifact}",
            IncidentReopened e => $"reopened: {e.Reason}",
            IncidentClosed => "closed",
            IncidentCanceled e => $"canceled: {e.Reason}",
            IncidentNoted e => $"note: {e.Text}",
            IncidentSeverityChanged e => $"severity {e.From.Name()} → {e.To.Name()}",
            IncidentResponderAdded e => $"{e.Responder.Handle} joined as {e.Responder.Role}",
            IncidentCommanderChanged e => $"{e.To} commands instead of {e.From}",
            IncidentOverdue e => $"overdue: {e.Clock}; told {string.Join(", ", e.Told)}",
            AtpCreated e => $"{key} created: {e.Title}",
            AtpMoved e => $"{key} {e.From} → {e.To}: {e.Trigger}",
            AtpOwned e => $"{key} is owned by {e.Owner ?? "nobody"}",
            AtpNoted e => $"{key} note: {e.Notes}",
            AtpPriorityChanged e => $"{key} priority {e.From} → {e.To}",
            AtpGateVerified e => $"{key} gate verified: {e.Gate}",
            AtpArtifactAdded e => $"{key} {e.Type}: {e.Title}",
            MessageSent e => $"{e.Type} {e.From} → {e.To}: {e.Subject}",
            MessageAcknowledged e => $"msg-{key}-{e.Number} acknowledged",
            MessageOverdue e => $"msg-{key}-{e.Number} not acknowledged; told {e.Told}",
            AtpHandedOff e => $"{key} handed off, {e.From} → {e.To}",
            AtpApprovalAsked e => $"{e.ApprovalId} asked of {e.Role}",
            AtpApprovalSettled e => $"{e.ApprovalId} {e.Status.ToString().ToLowerInvariant()}{(e.Automatic ? " by itself" : "")}",
            AtpFollowUpCreated e => $"{e.AtpId} ({e.Type}) created: {e.From} → {e.To}",
            AtpOverdue e => $"{key} overdue: {e.Clock}",
            AtpFinished => $"{key} finished",
            HaltRaised e => $"{key} halts {e.Scope}: {e.Reason}",
            HaltLiftedPartly e => $"{key} lifted for {e.Scope}",
            HaltLifted => $"{key} lifted",
            ApprovalRequested e => $"{key}: {e.Question}",
            ApprovalDecided e => $"{key} {(e.Approved ? "approved" : "rejected")}{(e.Automatic ? " by itself" : "")}",
            ApprovalOverdue => $"{key} overdue",
            ApprovalVoided e => $"{key} void: {e.Reason}",
            AgentRegistered e => $"{e.Handle} is known",
            AgentTurnEnded e => $"{key} ended its turn by closing {e.AtpId}",
            AgentTurnStarted => $"{key} began a turn",
            AgentHaltConfirmed e => $"{key} confirmed {e.HaltId}",
            AgentResumed e => $"{key} came back from {e.HaltId}",
            _ => stored.Name,
        };
    }
}
