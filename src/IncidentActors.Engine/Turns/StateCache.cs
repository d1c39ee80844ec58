using System.Collections.Concurrent;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Turns;

/// <summary>An actor's state as this node last saw it. Version 0 with no state: there was no such actor.</summary>
public readonly record struct Known(long Version, IActorState? State);

/// <summary>
/// States that this node has seen, bounded by two generations. An entry may be stale: every turn's commit checks the versions that
/// it was decided on, so a stale entry costs a retry and never a wrong commit.
/// </summary>
internal sealed class StateCache(int generation)
{
    private ConcurrentDictionary<ActorId, Known> young = new();
    private ConcurrentDictionary<ActorId, Known> old = new();
    private int added;

    public bool TryGet(ActorId actor, out Known known)
    {
        if (young.TryGetValue(actor, out known)) return true;
        if (!old.TryGetValue(actor, out known)) return false;
        Put(actor, known);
        return true;
    }

    public void Put(ActorId actor, Known known)
    {
        if (known.Version == 0) return;
        // Counted here: asking a concurrent dictionary for its count takes all of its locks.
        if (!young.ContainsKey(actor) && Interlocked.Increment(ref added) > generation)
        {
            Volatile.Write(ref added, 1);
            old = young;
            young = new ConcurrentDictionary<ActorId, Known>();
        }

        young[actor] = known;
    }

    public void Drop(ActorId actor)
    {
        young.TryRemove(actor, out _);
        old.TryRemove(actor, out _);
    }
}
