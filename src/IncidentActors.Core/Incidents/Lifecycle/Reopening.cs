using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents.Lifecycle;

/// <summary>Reopens a resolved incident: notifies people, restarts clocks, continues or restarts the work, and offers the halt of a SEV-1.</summary>
internal static class Reopening
{
    public static Decision Reopen(IncidentState state, ReopenIncident reopen, World world)
    {
        if (string.IsNullOrWhiteSpace(reopen.Reason)) return Rejected.Malformed(Rules.ArgumentMissing, "Reopening an incident needs a reason.");
        var decision = IncidentDecider.Record(state, new IncidentReopened(reopen.Reason));
        var told = ParticipantNotices.Of(world, decision, state);
        var reopened = world.Incident(state.Id, decision)!;
        decision.Add(new StopClock(ActorId.Incident(state.Id), IncidentHalts.Clock));
        if (world.Policy.RespondWithin(state.Severity) is { } within)
            decision.Add(IncidentClock.Start(world, reopened, IncidentDecider.RespondClock, within));
        if (state.Severity <= Severity.Sev2 && state.Assessment?.Complete != true)
            decision.Add(IncidentClock.Start(world, reopened, IncidentDecider.AssessClock, world.Policy.AssessWithin));
        var work = Work(world, decision, reopened);
        ParticipantNotices.Send(
            world, decision, state, told, Priority.P0, $"Reopened: {state.Title}",
            $"{state.Id} ({state.Severity.Name()}) is not over: {reopen.Reason}. {work.Id} is {work.State.Status}; {state.Commander} commands.");
        if (state.Severity == Severity.Sev1)
        {
            ParticipantNotices.Send(
                world, decision, state, [state.Commander, Agents.Handle.Operator], Priority.P0, $"🛑 Halt other work again for {state.Id}?",
                $"{state.Id} is reopened and its halt was lifted. Raise it again with halt_raise for {state.Id}, if other work endangers the response.");
        }

        return decision;
    }

    /// <summary>The running response goes back before its resolution; without one another begins. What the resolution queued is taken back.</summary>
    private static AtpTurn Work(World world, Decision decision, IncidentState incident)
    {
        foreach (var postmortem in ResponseWork.All(world, decision, incident).Where(turn => turn.State.Type == Obligations.PostmortemType))
            AtpEnding.Cancel(postmortem, $"{incident.Id} is reopened");
        AtpTurn? running = null;
        foreach (var turn in ResponseWork.Open(world, decision, incident))
        {
            running ??= turn;
            var back = turn.Flow.Rows.FirstOrDefault(row => row.Emits.Incident == Flows.IncidentStep.Resolved && row.To == turn.State.Status)?.From;
            if (back is not null) AtpEnding.MoveTo(turn, turn.Flow.State(back)!, "Incident reopened", null);
        }

        return running ?? ResponseWork.Begin(world, decision, incident, Declaration.FlowOf(world, incident.Severity), incident.Atps.FirstOrDefault());
    }
}
