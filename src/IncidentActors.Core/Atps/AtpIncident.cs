using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Atps;

/// <summary>What progress of an ATP means for its incident, in the same commit.</summary>
internal static class AtpIncident
{
    public static void Acknowledged(AtpTurn turn, string? notes)
    {
        if (turn.Incident is not { AcknowledgedAt: null, Open: true } incident || !incident.Has(turn.Call.By)) return;
        turn.Tell(new IncidentAcknowledged(notes));
        turn.Decision.Add(new StopClock(ActorId.Incident(incident.Id), IncidentDecider.RespondClock));
    }

    /// <summary>Somebody is still fixing: what did not help is followed by another urgent ATP, and the incident is over with the last of them.</summary>
    private static bool OtherFixOpen(AtpTurn turn, IncidentState incident) =>
        incident.Atps.Any(id => id != turn.Id && turn.World.Actors.Get(ActorId.Atp(id)) is AtpState { Urgent: true, Finished: false });

    public static void Moved(AtpTurn turn, FlowRow row)
    {
        if (row.Emits.Incident is not { } step || turn.Incident is not { } incident || !incident.Status.IsOngoing()) return;
        switch (step)
        {
            case IncidentStep.Mitigated when incident.MitigatedAt is null || incident.Status == IncidentStatus.Mitigating:
                turn.Tell(new IncidentMitigated($"{turn.Id}: {row.Trigger}"));
                turn.Decision.Add(new StopClock(ActorId.Incident(incident.Id), IncidentDecider.MitigationClock));
                break;
            case IncidentStep.Resolved when !OtherFixOpen(turn, incident):
                var report = turn.State.Artifacts.LastOrDefault(artifact => artifact.Type == AtpArtifacts.VerificationReport);
                turn.Tell(new IncidentResolved(null, null, null, [], report?.Id));
                IncidentDecider.StopClocks(turn.Decision, incident.Id);
                break;
        }
    }
}
