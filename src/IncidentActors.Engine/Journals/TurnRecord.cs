using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;

namespace IncidentActors.Engine.Journals;

/// <summary>All that one turn writes, and all that must be true for it: committed together or not at all.</summary>
public sealed record TurnRecord
{
    /// <summary>UTC.</summary>
    public required DateTimeOffset At { get; init; }
    public required string By { get; init; }

    /// <summary>The actors that the turn changes, each at most once. Empty is allowed: the turn then only consumes an effect.</summary>
    public ImmutableArray<Append> Appends { get; init; } = [];

    /// <summary>Actors that the turn only read: their versions must still be these.</summary>
    public ImmutableArray<Guard> Guards { get; init; } = [];

    /// <summary>What halts are compared with; null: exempt.</summary>
    public Subject? Subject { get; init; }

    /// <summary>The turn was decided when halts had been raised and lifted this often (<see cref="IStoreReader.HaltEpochAsync"/>), and no halt may
    /// have been since. Null: only those count that cover <see cref="Subject"/> at the commit.</summary>
    public long? HaltEpoch { get; init; }

    /// <summary>Deduplication: the key must be new; the answer is kept under it.</summary>
    public KeyedAnswer? Answer { get; init; }

    /// <summary>The effect that the turn applies: deleted in the commit, which fails unless it is there with this lease token.</summary>
    public Consumption? Consumes { get; init; }

    public ImmutableArray<EffectRecord> Effects { get; init; } = [];

    /// <summary>Ids of clocks that stop; those not running are no error.</summary>
    public ImmutableArray<string> Cancels { get; init; } = [];

    /// <summary>Names that must be free.</summary>
    public ImmutableArray<ClaimRecord> Claims { get; init; } = [];
    public ImmutableArray<ClaimRecord> Releases { get; init; } = [];
    public ImmutableArray<MessageRecord> Messages { get; init; } = [];
    public ImmutableArray<MessageAck> Acks { get; init; } = [];

    /// <summary>The halts that the turn raises or lifts: they exclude covered commits until they are durable.</summary>
    public ImmutableArray<HaltRecord> Halts { get; init; } = [];

    /// <summary>If set, the earlier events of the actors that the turn changes are removed from the store, and so are the messages with these ids.</summary>
    public ImmutableArray<string>? Archives { get; init; }

    /// <summary>Archived events that the turn puts back into the store, each at its original cursor.</summary>
    public ImmutableArray<StoredEvent> Restores { get; init; } = [];

    public string? Token { get; init; }
    public string? Trace { get; init; }
}

/// <param name="ExpectedVersion">The version that the decision was made on; 0: the actor must not exist.</param>
/// <param name="Document">The state after the events, UTF-8 JSON: view and snapshot in one.</param>
public sealed record Append(
    ActorId Actor, long ExpectedVersion, ImmutableArray<EventRecord> Events, ReadOnlyMemory<byte> Document, DocumentIndex Index)
{
    /// <summary>The incident with the events in its feed, or null.</summary>
    public string? Timeline => Index.Incident ?? (Actor.Kind == ActorKind.Incident ? Actor.Key : null);
}

/// <param name="Name">Literal and versioned: <c>incident.declared.v1</c>.</param>
/// <param name="Payload">UTF-8 JSON.</param>
public sealed record EventRecord(string Name, ReadOnlyMemory<byte> Payload);

public sealed record Guard(ActorId Actor, long Version);

/// <summary>The columns by which documents are listed.</summary>
/// <param name="Open">False: finished (closed, canceled, lifted, decided).</param>
/// <param name="Rank">Severity 1–4, or priority 0–3; lists put lower first.</param>
/// <param name="Incident">The incident that it belongs to. Its timeline shows the events.</param>
public sealed record DocumentIndex(string Status, bool Open, int Rank = 0, string? Incident = null, string? Owner = null, string? Flow = null);

/// <param name="RequestHash">SHA-256 (hex) of the request: the same key with another one is a mistake of the caller.</param>
public sealed record KeyedAnswer(string Key, string RequestHash, ReadOnlyMemory<byte> Json);

public sealed record Consumption(string EffectId, string LeaseToken);

/// <param name="Id">Unique; writing an existing id replaces it (a clock that is started again).</param>
/// <param name="Command">UTF-8 JSON of an <see cref="ICommand"/>.</param>
/// <param name="Due">UTC.</param>
/// <param name="Counted">UTC; halts before this time are already in <paramref name="Due"/>.</param>
/// <param name="LeaseToken">Given: the committing node works on it itself until <paramref name="LeaseUntil"/>.</param>
public sealed record EffectRecord(
    string Id, ActorId Target, ReadOnlyMemory<byte> Command, DateTimeOffset Due, DateTimeOffset Counted, Subject? Subject,
    bool Clock, string? LeaseToken = null, DateTimeOffset? LeaseUntil = null);

public sealed record ClaimRecord(string Name, ActorId Holder);

/// <param name="Id"><c>msg-AT-EMRG-01-3</c>.</param>
public sealed record MessageRecord(
    string Id, string To, string From, string AtpId, string? IncidentId, MessageType Type, Priority Priority, string Subject, string Body,
    bool RequiresAck, DateTimeOffset SentAt);

public sealed record MessageAck(string MessageId, string By, DateTimeOffset At, string? Notes);
