using System.Collections.Immutable;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Journals;

public sealed record StoredActor(ActorId Actor, long Version, ReadOnlyMemory<byte> Document, DocumentIndex Index);

/// <param name="Cursor">Where the feed continues after this event.</param>
/// <param name="Cause">Id of the effect that the turn applied, or null.</param>
public sealed record StoredEvent(
    string Cursor, long Position, ActorId Actor, long Version, string Name, DateTimeOffset At, string By, ReadOnlyMemory<byte> Payload,
    string? Incident, string? Cause, string? Token, string? Trace);

public sealed record FeedPage(ImmutableArray<StoredEvent> Events, string Cursor);

public sealed record StoredAnswer(string Key, string RequestHash, ReadOnlyMemory<byte> Json);

public sealed record StoredMessage(MessageRecord Message, DateTimeOffset? AckedAt, string? AckedBy, string? AckNotes);

/// <param name="LeaseToken">Empty if no node works on it.</param>
/// <param name="Attempts">How often it has been taken for work, this time included.</param>
public sealed record DueEffect(
    string Id, ActorId Target, ReadOnlyMemory<byte> Command, DateTimeOffset Due, DateTimeOffset Counted, Subject? Subject, bool Clock,
    string LeaseToken, int Attempts);

/// <summary>Which documents to list. Null: any.</summary>
public sealed record ActorFilter(ActorKind Kind)
{
    public bool? Open { get; init; }
    public string? Status { get; init; }
    public int? Rank { get; init; }
    public string? Incident { get; init; }
    public string? Owner { get; init; }
    public string? Flow { get; init; }
    public string? Cursor { get; init; }

    /// <summary>Oldest first instead of by rank and newest first.</summary>
    public bool OldestFirst { get; init; }
    public int Limit { get; init; } = 100;

    /// <summary>The same documents; a status that belongs to open ones alone, or to finished ones, says so, because the open ones are few.</summary>
    public ActorFilter Narrowed() => Status is null || Open is not null ? this : this with { Open = OpenOf(Kind, Status) };

    private static bool? OpenOf(ActorKind kind, string status) => kind switch
    {
        ActorKind.Incident => status is not ("closed" or "canceled"),
        ActorKind.Approval => status == "open",
        ActorKind.Halt => status == "active",
        _ => null,
    };
}

/// <param name="Next">Cursor of the next page, or null: this was the last.</param>
public sealed record ActorPage(ImmutableArray<StoredActor> Actors, string? Next);
