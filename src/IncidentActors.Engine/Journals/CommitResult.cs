using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Engine.Journals;

/// <summary>What became of one turn.</summary>
public abstract record CommitResult;

/// <param name="Position">The place of the turn's first event in the journal, ascending in commit order around every halt; 0
/// without events.</param>
public sealed record Committed(long Position) : CommitResult;

/// <summary>What the turn was decided on is not true any more: load and decide again.</summary>
/// <param name="Actor">Is at another version; null: halts have been raised or lifted since (<see cref="TurnRecord.HaltEpoch"/>).</param>
public sealed record Stale(ActorId? Actor) : CommitResult;

public sealed record Fenced(HaltRecord Halt) : CommitResult;

/// <summary>The key has an answer already: this one, for that request.</summary>
public sealed record KeyKnown(StoredAnswer Answer) : CommitResult;

/// <summary>The effect has been applied already, or another node has taken its lease.</summary>
public sealed record AlreadyConsumed : CommitResult;

/// <summary>A claimed name belongs to another actor: look there and decide again.</summary>
public sealed record ClaimTaken(string Name, ActorId Holder) : CommitResult;
