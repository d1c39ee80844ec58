using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Incidents.Lifecycle;

/// <summary>Ends the halts of an incident that is over: in the same commit, or after those who may lift them were asked (policy).</summary>
internal static class IncidentHalts
{
    /// <summary>Runs from the question whether a halt is lifted until it is.</summary>
    public const string Clock = "halt";

    /// <summary>The halts of the incident that hold, in the order in which they were raised.</summary>
    public static List<HaltState> Active(World world, Decision decision, IncidentState incident) =>
        [.. incident.Halts.Select(id => world.Halt(id, decision)).OfType<HaltState>().Where(halt => halt.LiftedAt is null)];

    /// <summary>The incident is over: every halt that was raised for it ends.</summary>
    public static void EndAll(World world, Decision decision, IncidentState incident, string reason) =>
        End(world, decision, incident, Active(world, decision, incident), reason);

    /// <summary>The incident is no longer a SEV-1: the halts that its severity and its conditions raised end; those raised by hand stay.</summary>
    public static void EndOwn(World world, Decision decision, IncidentState incident, string reason) =>
        End(world, decision, incident, Active(world, decision, incident).Where(halt => halt.Condition is not null).ToList(), reason);

    /// <summary>The question was not answered in time: it is asked again.</summary>
    public static Decision Remind(IncidentState incident, World world)
    {
        var decision = new Decision();
        var active = Active(world, decision, incident);
        if (active.Count == 0 || incident.Status.IsOngoing()) return decision;
        var step = incident.Overdue.GetValueOrDefault(Clock) + 1;
        string[] chain = [incident.Commander, Handle.Operator, world.Roster.HandleFor(Roles.Owner)];
        var told = chain.Distinct().Take(step + 1).ToArray();
        decision.Add(ActorId.Incident(incident.Id), new IncidentOverdue(Clock, step, [.. told], [.. chain]));
        foreach (var halt in active) Ask(world, decision, incident, halt, told, $"{incident.Id} is {incident.Status.Name()}");
        return decision.Add(IncidentClock.Start(world, incident, Clock, world.Policy.ReminderEvery));
    }

    private static void End(World world, Decision decision, IncidentState incident, List<HaltState> ending, string reason)
    {
        var recorded = false;
        foreach (var halt in ending)
        {
            if (world.Policy.HaltEnding == HaltEnding.Ask && halt.Record() is not null)
            {
                decision.Add(ActorId.Incident(incident.Id), new IncidentHaltLiftAsked(halt.Id, reason));
                Ask(world, decision, incident, halt, [incident.Commander, Handle.Operator], reason);
                decision.Add(IncidentClock.Start(world, incident, Clock, world.Policy.ReminderEvery));
                continue;
            }

            // A commit changes one enforced halt; further ones are lifted by the next turns.
            if (halt.Record() is not null && recorded)
            {
                decision.Add(new SendCommand(ActorId.Halt(halt.Id), new LiftHalt(Notes: reason)));
                continue;
            }

            recorded |= halt.Record() is not null;
            decision.Add(ActorId.Halt(halt.Id), new HaltLifted(reason));
            HaltReview.Stop(world, decision, halt.Id);
        }
    }

    private static void Ask(World world, Decision decision, IncidentState incident, HaltState halt, IEnumerable<string> who, string reason)
    {
        if (incident.Atps is not [var first, ..]) return;
        var turn = AtpTurn.Of(world, first, decision);
        foreach (var handle in who.Distinct())
        {
            AtpMessages.Notify(
                turn, handle, MessageType.Decision, Priority.P0, $"🛑 Lift {halt.Id}?",
                $"{reason}, and {halt.Id} still halts {halt.Scope}: {halt.Reason}. Lift it with halt_lift {halt.Id}.");
        }
    }
}
