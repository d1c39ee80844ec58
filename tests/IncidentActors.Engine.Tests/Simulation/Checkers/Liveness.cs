using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Engine.Tests.Simulation.Checkers;

/// <summary>Once faults have stopped everything finishes: every answer is known, every due effect applied, nothing rests under a lifted halt.</summary>
internal static class Liveness
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    public static IEnumerable<string> Check(World world)
    {
        foreach (var error in world.Log.Errors) yield return $"logged: {error}";
        foreach (var operation in world.History.GroupBy(attempt => attempt.Operation))
        {
            if (operation.All(attempt => attempt.Outcome is Unavailable)) yield return $"{operation.Key} was never decided";
        }

        foreach (var halt in world.Ledger.States.Values.OfType<HaltState>().Where(halt => halt.LiftedAt is null)) yield return $"{halt.Id} was not lifted";
        var pending = world.Ledger.Entries.SelectMany(entry => entry.Turn.Effects).Select(effect => effect.Id).Distinct();
        foreach (var id in pending)
        {
            if (world.Ledger.Store.EffectAsync(id, CancellationToken.None).Result is not { } effect) continue;
            if (effect.Due < world.Scheduler.Now - Slack)
            {
                yield return
                    $"{id} was due at {effect.Due:T} and has not been applied by {world.Scheduler.Now:T}; lease '{effect.LeaseToken}', "
                    + $"attempt {effect.Attempts}";
            }
        }
    }
}
