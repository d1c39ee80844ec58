using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Tests.Simulation.Checkers;

/// <summary>A clock of halted work rings no earlier than what was left when it was halted, never under a halt, and is never lost.</summary>
internal static class ClocksStoodStill
{
    public static IEnumerable<string> Check(World world)
    {
        var halts = world.Ledger.States.Values.OfType<HaltState>().Select(halt => halt.Record()).OfType<HaltRecord>().ToList();
        var running = new Dictionary<string, EffectRecord>();
        var raised = new HashSet<string>();
        foreach (var entry in world.Ledger.Entries)
        {
            if (entry.Turn.Consumes is { } consumed)
            {
                if (!running.Remove(consumed.EffectId, out var clock))
                    yield return $"{consumed.EffectId} rang at position {entry.Position} and was not running";
                else if (clock.Clock && Earliest(clock, halts.Where(Raised), entry.Turn.At, world.Skew) is var earliest && entry.Turn.At < earliest)
                    yield return $"{clock.Id} rang at {entry.Turn.At:O}, not before {earliest:O} was right";
            }

            // A halt that was decided before the clock rang and committed after it came too late for it.
            foreach (var halt in entry.Turn.Halts) raised.Add(halt.Id);

            foreach (var id in entry.Turn.Cancels) running.Remove(id);
            foreach (var effect in entry.Turn.Effects) running[effect.Id] = effect;
        }

        foreach (var id in running.Keys)
        {
            if (world.Ledger.Store.EffectAsync(id, CancellationToken.None).Result is null) yield return $"{id} was lost";
        }

        bool Raised(HaltRecord halt) => raised.Contains(halt.Id);
    }

    /// <summary>When it was due, later by all the time in which a halt covered it. Where clocks jumped, each time that it is put off
    /// may lose the difference of two nodes' clocks.</summary>
    private static DateTimeOffset Earliest(EffectRecord clock, IEnumerable<HaltRecord> halts, DateTimeOffset rang, TimeSpan skew)
    {
        if (clock.Subject is not { } subject) return clock.Due - (skew * 2);
        var stood = TimeSpan.Zero;
        var counted = clock.Counted;
        var lost = skew * 2;
        foreach (var (from, to) in halts.Where(halt => Stops(halt, subject)).Select(halt => (halt.RaisedAt, End(halt, subject) ?? rang)).Order())
        {
            var start = from > counted ? from : counted;
            var end = to < rang ? to : rang;
            if (end <= start) continue;
            stood += end - start;
            counted = end;
            lost += skew * 2;
        }

        return clock.Due + stood - lost;
    }

    private static bool Stops(HaltRecord halt, Subject subject) =>
        halt.Scope.Contains(subject) && (subject.RespondsTo is null || (subject.RespondsTo != halt.Incident && !(halt.SparesUrgent && subject.Urgent)));

    private static DateTimeOffset? End(HaltRecord halt, Subject subject) =>
        halt.Lifts.Where(part => part.Scope.Contains(subject)).Select(part => (DateTimeOffset?)part.At).Append(halt.LiftedAt).Min();
}
