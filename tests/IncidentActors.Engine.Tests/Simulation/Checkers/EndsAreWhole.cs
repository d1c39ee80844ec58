using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Tests.Simulation.Checkers;

/// <summary>The commit that ends an incident also ends its urgent work, its clocks and its own halts (docs/SPECIFICATION.md, "The life of an
/// incident").</summary>
internal static class EndsAreWhole
{
    public static IEnumerable<string> Check(World world)
    {
        var running = new Dictionary<string, EffectRecord>();
        Entry? last = null;
        string[] ended = [];
        foreach (var (entry, states) in world.Ledger.Walk())
        {
            foreach (var wrong in Left(ended, last, states, running.Values)) yield return wrong;
            if (entry.Turn.Consumes is { } consumed) running.Remove(consumed.EffectId);
            foreach (var id in entry.Turn.Cancels) running.Remove(id);
            foreach (var effect in entry.Turn.Effects) running[effect.Id] = effect;
            last = entry;
            ended = [.. entry.Turn.Appends.Select(append => append.Actor).Where(actor => Ends(actor, entry, states)).Select(actor => actor.Key)];
        }

        foreach (var wrong in Left(ended, last, world.Ledger.States, running.Values)) yield return wrong;
    }

    private static bool Ends(ActorId actor, Entry entry, IReadOnlyDictionary<ActorId, IActorState> before)
    {
        if (actor.Kind != ActorKind.Incident || before.GetValueOrDefault(actor) is not IncidentState { } was || !was.Status.IsOngoing()) return false;
        var after = entry.Events.Where(one => one.Actor == actor).Aggregate(
            was, (state, one) => IncidentState.Evolve(actor.Key, state, new RecordedEvent(one.Event, entry.Turn.At, entry.Turn.By))!);
        return !after.Status.IsOngoing();
    }

    private static IEnumerable<string> Left(
        string[] ended, Entry? entry, IReadOnlyDictionary<ActorId, IActorState> states, IEnumerable<EffectRecord> running)
    {
        foreach (var id in ended)
        {
            var canceled = ((IncidentState)states[ActorId.Incident(id)]).Status == IncidentStatus.Canceled;
            foreach (var atp in states.Values.OfType<AtpState>().Where(atp => atp.IncidentId == id && !atp.Finished && (canceled || IsUnfixed(atp))))
                yield return $"{id} ended at position {entry!.Position}, and {atp.Id} of the flow {atp.Flow} goes on in {atp.Status}";
            foreach (var halt in states.Values.OfType<HaltState>().Where(halt => halt.IncidentId == id && halt.LiftedAt is null))
                yield return $"{id} ended at position {entry!.Position}, and its halt {halt.Id} goes on";
            foreach (var clock in running.Where(effect => effect.Clock && effect.Target == ActorId.Incident(id)))
                yield return $"{id} ended at position {entry!.Position}, and its clock {clock.Id} runs";
        }
    }

    /// <summary>Work of an urgent flow whose fix is not deployed.</summary>
    private static bool IsUnfixed(AtpState atp)
    {
        var flow = FlowSet.Shipped.Find(atp.Flow, atp.FlowVersion)!;
        return atp.Urgent && !flow.HasDeployed(atp.Status) && !atp.History.Any(entry => flow.HasDeployed(entry.To));
    }
}
