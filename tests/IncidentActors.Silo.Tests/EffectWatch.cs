using System.Collections.Concurrent;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Testing;

namespace IncidentActors.Silo.Tests;

/// <summary>A journal that also knows which effects some silo works on, so that a test can wait until nobody does.</summary>
/// <param name="journal">One node's Inner.</param>
/// <param name="inWork">Effects in work on any node.</param>
internal sealed class EffectWatch(IStore journal, ConcurrentDictionary<string, byte> inWork)
    : DelegatingStore(journal)
{
    /// <summary>Awaited before each commit: lets a test keep turns in flight.</summary>
    public Func<Task> BeforeCommit { get; set; } = () => Task.CompletedTask;

    /// <summary>Awaited before each load of an actor: lets a test break the store.</summary>
    public Func<Task> BeforeLoad { get; set; } = () => Task.CompletedTask;

    public override async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
    {
        await BeforeCommit();
        foreach (var effect in turns.SelectMany(turn => turn.Effects).Where(effect => effect.LeaseToken is not null)) inWork[effect.Id] = 0;
        var results = await Inner.CommitAsync(turns, cancel);
        for (var i = 0; i < turns.Count; i++)
        {
            if (results[i] is not Committed) Forget(turns[i].Effects.Select(effect => effect.Id));
            if (turns[i].Consumes is { } consumed && (results[i] is Committed or AlreadyConsumed)) Forget([consumed.EffectId]);
        }

        return results;
    }

    public override async Task<IReadOnlyList<DueEffect>> TakeDueAsync(
        string node, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancel)
    {
        // Taking counts as work too: between the store's answer and this line nobody else knows of the effects.
        inWork[node] = 0;
        try
        {
            var taken = await Inner.TakeDueAsync(node, now, lease, limit, cancel);
            foreach (var effect in taken) inWork[effect.Id] = 0;
            return taken;
        }
        finally
        {
            inWork.TryRemove(node, out _);
        }
    }

    public override async Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel)
    {
        await BeforeLoad();
        return await Inner.LoadAsync(actor, cancel);
    }

    public override async Task HoldAsync(
        string effectId, string leaseToken, DateTimeOffset due, DateTimeOffset counted, CancellationToken cancel)
    {
        await Inner.HoldAsync(effectId, leaseToken, due, counted, cancel);
        Forget([effectId]);
    }

    public override async Task ParkAsync(string effectId, string leaseToken, string haltId, CancellationToken cancel)
    {
        await Inner.ParkAsync(effectId, leaseToken, haltId, cancel);
        Forget([effectId]);
    }

    private void Forget(IEnumerable<string> effects)
    {
        foreach (var effect in effects) inWork.TryRemove(effect, out _);
    }
}
