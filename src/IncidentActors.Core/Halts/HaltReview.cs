using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Halts;

/// <summary>Sends reminders for a halt that is still active at its review time, with one more recipient each time, until it is lifted.</summary>
public static class HaltReview
{
    private const string Clock = "review";

    /// <summary>The review clock of a halt that is raised in this decision.</summary>
    internal static void Start(World world, Decision decision, string haltId) => Start(world, decision, haltId, world.Policy.HaltReviewAfter);

    internal static void Stop(World world, Decision decision, string haltId)
    {
        decision.Add(new StopClock(ActorId.Halt(haltId), Clock));
        if (AtpTurn.Of(world, AtpOf(haltId), decision) is { Exists: true, State.Finished: false } reminder) AtpEnding.Finish(reminder, "Halt lifted");
    }

    /// <summary>Says on the halt's incident that it still holds, or, without an open incident, on a separate ATP.</summary>
    public static Decision Ring(string id, HaltState? state, World world)
    {
        var decision = new Decision();
        if (state is null or { LiftedAt: not null } || state.Record() is null) return decision;
        var incident = world.Incident(state.IncidentId);
        var times = state.TimesOverdue + 1;
        string[] chain = [.. new[] { incident?.Commander ?? state.Commander ?? state.RaisedBy, Handle.Operator, world.Roster.HandleFor(Roles.Owner) }
            .Where(handle => !Handle.IsReserved(handle)).Distinct()];
        var told = chain.Take(times + 1).ToArray();
        decision.Add(ActorId.Halt(id), new HaltOverdue(times, [.. told]));
        var turn = incident is { Open: true, Atps: [var first, ..] } ? AtpTurn.Of(world, first, decision) : Reminder(world, decision, id, state, incident);
        var since = $"{id} halts {state.Scope} since {state.RaisedAt:u}, raised by {state.RaisedBy}: {state.Reason}.";
        var why = incident is null ? "" : $" Its incident {incident.Id} is {incident.Status.Name()}.";
        foreach (var handle in told)
        {
            AtpMessages.Notify(
                turn, handle, handle == Handle.Operator ? MessageType.HITLNotification : MessageType.Escalation, Priority.P0, $"🛑 Still halted: {id}",
                $"{since}{why} Lift it with halt_lift {id}, or keep it: this reminder is repeated every {world.Policy.ReminderEvery.TotalMinutes:0} min.");
        }

        Start(world, decision, id, world.Policy.ReminderEvery);
        return decision;
    }

    private static void Start(World world, Decision decision, string haltId, TimeSpan after) =>
        decision.Add(new StartClock(ActorId.Halt(haltId), Clock, world.Call.At + after, new HaltTimeIsUp()));

    private static string AtpOf(string haltId) => $"AT-{haltId}";

    private static AtpTurn Reminder(World world, Decision decision, string id, HaltState state, IncidentState? incident)
    {
        var turn = AtpTurn.Of(world, AtpOf(id), decision);
        if (turn.Exists) return turn;
        var flow = world.Flows.Find("standard") ?? throw new InvalidOperationException("the shipped flow standard is not loaded");
        var birth = new Birth(Birth.TitleOf($"Lift {id}, or give the reason to keep it: {state.Reason}"), "halt-review")
        {
            IncidentId = incident?.Id,
            Owner = Handle.Operator,
            Priority = Priority.P0,
            Notes = $"{id} halts {state.Scope} since {state.RaisedAt:u}.",
        };
        var begun = new AtpTurn(world, turn.Id, null, decision) { SystemStarted = true };
        AtpCreation.Open(begun, flow, birth, Tools.Create);
        return begun;
    }
}
