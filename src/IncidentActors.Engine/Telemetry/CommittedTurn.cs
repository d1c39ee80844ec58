using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Telemetry;

/// <summary>A turn that this node has committed: what was known before, what happened, and what is so now.</summary>
/// <param name="CommitBeganAt">When the turn went to the journal; <c>Call.At</c> is when it began.</param>
/// <param name="EndedAt">When this node knew that it is durable.</param>
public sealed record CommittedTurn(
    Call Call, Decision Decision, IReadOnlyDictionary<ActorId, Known> Seen, IReadOnlyDictionary<ActorId, Known> Changed,
    DateTimeOffset CommitBeganAt, DateTimeOffset EndedAt)
{
    /// <summary>The state before the turn; null if there was none.</summary>
    public T? Before<T>(ActorId actor)
        where T : class, IActorState => Seen.TryGetValue(actor, out var known) ? known.State as T : null;

    /// <summary>The state after the turn, of an actor that it changed.</summary>
    public T After<T>(ActorId actor)
        where T : class, IActorState => (T)Changed[actor].State!;
}
