using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Turns;

/// <summary>An actor's state at a version. Version 0 with no state: there is no such actor.</summary>
public readonly record struct Known(long Version, IActorState? State);

/// <summary>
/// What an actor keeps in memory between its turns: its own state, and the states of others that its turns have looked at. Any of it may be
/// stale: the commit checks the versions that a turn was decided on, so a stale entry costs a retry and never a wrong commit. One turn at a
/// time uses it.
/// </summary>
public sealed class ActorMemory(ActorId self)
{
    /// <summary>Above it the others are forgotten: they are read again when they are needed.</summary>
    private const int MaxOthers = 16;

    private readonly Dictionary<ActorId, Known> known = [];

    public ActorId Self => self;

    internal bool TryGet(ActorId actor, out Known state) => known.TryGetValue(actor, out state);

    internal void Keep(ActorId actor, Known state)
    {
        if (state.Version == 0) return;
        if (known.Count > MaxOthers && !known.ContainsKey(actor))
        {
            known.TryGetValue(self, out var own);
            known.Clear();
            if (own.Version > 0) known[self] = own;
        }

        known[actor] = state;
    }

    internal void Forget(ActorId actor) => known.Remove(actor);

    internal void ForgetAll() => known.Clear();
}
