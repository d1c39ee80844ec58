using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Incidents.Lifecycle;

/// <summary>A false alarm: one commit takes back everything that the incident started, and notifies everybody who had been notified of it.</summary>
internal static class Cancellation
{
    public static Decision Cancel(IncidentState state, CancelIncident cancel, World world)
    {
        if (string.IsNullOrWhiteSpace(cancel.Reason)) return Rejected.Malformed(Rules.ArgumentMissing, "Canceling a false alarm needs a reason.");
        var decision = IncidentDecider.Record(state, new IncidentCanceled(cancel.Reason));
        IncidentDecider.StopClocks(decision, state.Id);
        var told = ParticipantNotices.Of(world, decision, state);
        var reason = $"{state.Id} is a false alarm: {cancel.Reason}";
        foreach (var turn in ResponseWork.All(world, decision, state)) AtpEnding.Cancel(turn, reason);
        foreach (var run in state.Runs.Where(run => run.Status is RunStatus.Proposed or RunStatus.Approved))
            decision.Add(ActorId.Incident(state.Id), new RunbookDecided(run.Id, Approved: false, reason));
        IncidentHalts.EndAll(world, decision, state, reason);
        ParticipantNotices.Send(
            world, decision, state, told, Priority.P1, $"False alarm: {state.Title}",
            $"{state.Id} is canceled by {world.Call.By}: {cancel.Reason}. Its ATPs are canceled and its directives are void. Continue your other work.");
        return decision;
    }
}
