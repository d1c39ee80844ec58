using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Incidents.Lifecycle;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>What progress of an ATP means for its incident, in the same commit.</summary>
internal static class AtpIncident
{
    public static void Acknowledged(AtpTurn turn, string? notes)
    {
        if (turn.Incident is not { Unanswered: true } incident || !incident.Status.IsOngoing() || !incident.Has(turn.Call.By)) return;
        turn.AddToIncident(new IncidentAcknowledged(notes));
        turn.Decision.Add(new StopClock(ActorId.Incident(incident.Id), IncidentDecider.RespondClock));
    }

    /// <summary>Who takes a row of the response is on the incident: its commands are theirs too, and its halt does not stop them.</summary>
    public static void Joined(AtpTurn turn, FlowRow row)
    {
        if (turn.Call.BySystem || turn.World.Caller.OutranksHalts || !turn.State.Urgent || row.Kind != RowKind.Transition) return;
        if (turn.Incident is not { } incident || !incident.Status.IsOngoing() || incident.Has(turn.Call.By)) return;
        turn.AddToIncident(new IncidentResponderAdded(new Responder(turn.Call.By, row.Role is Roles.Any or Roles.AtpOwner ? "responder" : row.Role)));
    }

    /// <summary>An assessment that is written on the work is the incident's too: it is given once.</summary>
    public static void Assessed(AtpTurn turn, CreateArtifact create)
    {
        if (create.Type is not (AtpArtifacts.Assessment or AtpArtifacts.ImpactAssessment)) return;
        if (turn.Incident is not { Assessment: not { Complete: true } } incident || !incident.Status.IsOngoing()) return;
        var said = AtpArtifacts.AssessmentSections.Select(section => Markdown.Section(create.Content, section))
            .Select(text => FilledText.IsFilled(text) ? text : null).ToList();
        var since = FirstSign.Read(said[2], incident.DetectedAt);
        turn.AddToIncident(new IncidentAssessed(said[0] ?? Shortened.To(create.Content.Trim(), 400), said[1], said[2], said[3], [], since));
        IncidentResponse.Acknowledge(incident, turn.Decision);
        if (create.Type == AtpArtifacts.ImpactAssessment || said.TrueForAll(text => text is not null))
            turn.Decision.Add(new StopClock(ActorId.Incident(incident.Id), IncidentDecider.AssessClock));
    }

    /// <summary>Somebody is still fixing: what did not help is followed by another urgent ATP, and the incident is over with the last of them.
    /// What the ATP took over from its parent is not waited for.</summary>
    private static bool OtherFixOpen(AtpTurn turn, IncidentState incident) =>
        ResponseWork.Open(turn.World, turn.Decision, incident).Any(other =>
            other.Id != turn.Id && other.State.Urgent && other.Id != turn.State.ParentAtpId && !other.Flow.HasDeployed(other.State.Status));

    /// <summary>What the row means for the incident.</summary>
    /// <returns>Whether the row resolves the incident.</returns>
    public static bool Moved(AtpTurn turn, FlowRow row)
    {
        if (row.Emits.Incident is not { } step || turn.Incident is not { } incident || !incident.Status.IsOngoing()) return false;
        switch (step)
        {
            case IncidentStep.Mitigated when incident.MitigatedAt is null || incident.Status == IncidentStatus.Mitigating:
                turn.AddToIncident(new IncidentMitigated($"{turn.Id}: {row.Trigger}"));
                turn.Decision.Add(new StopClock(ActorId.Incident(incident.Id), IncidentDecider.MitigationClock));
                return false;
            case IncidentStep.Resolved when !OtherFixOpen(turn, incident):
                var report = turn.State.Artifacts.LastOrDefault(artifact => artifact.Type == AtpArtifacts.VerificationReport);
                turn.AddToIncident(new IncidentResolved(null, null, null, [], report?.Id));
                return true;
            case IncidentStep.Lowered when incident.Severity < Severity.Sev3:
                IncidentSeverity.Change(incident, new ChangeSeverity(Severity.Sev3, $"{turn.Id}: {row.Trigger}"), turn.World, turn.Decision);
                return false;
            default:
                return false;
        }
    }
}
