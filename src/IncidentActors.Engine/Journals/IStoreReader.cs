using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Engine.Journals;

/// <summary>Reads what has been committed.</summary>
public interface IStoreReader
{
    /// <summary>The actor's document and version, or null when it has no history.</summary>
    Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel);

    /// <summary>Documents by their index columns, ordered by kind-specific rank and then newest first; paged by <see cref="ActorFilter.Cursor"/>.</summary>
    Task<ActorPage> ListAsync(ActorFilter filter, CancellationToken cancel);

    /// <summary>One entry for each flow and status that open actors of the kind have, by flow and then status.</summary>
    Task<IReadOnlyList<OpenCount>> CountOpenAsync(ActorKind kind, CancellationToken cancel);

    /// <summary>One actor's events with versions above <paramref name="afterVersion"/>, oldest first.</summary>
    Task<IReadOnlyList<StoredEvent>> HistoryAsync(ActorId actor, long afterVersion, int limit, CancellationToken cancel);

    /// <summary>Events of all actors after a cursor, in an order in which nothing can appear later before the cursor that is returned.
    /// With <paramref name="incident"/>: only that incident's (its own, its ATPs', approvals' and halts'),
    /// <see cref="Append.Timeline"/>.</summary>
    /// <exception cref="FormatException">The cursor was not issued by this feed.</exception>
    Task<FeedPage> FeedAsync(string? after, int limit, string? incident, CancellationToken cancel);

    /// <summary>Events of all actors before a cursor (null: the newest), newest first. The cursor that is returned leads to older ones.</summary>
    /// <exception cref="FormatException">The cursor was not issued by this feed.</exception>
    Task<FeedPage> LatestAsync(string? before, int limit, CancellationToken cancel);

    /// <summary>The cursor behind the newest event that the feed would show now.</summary>
    Task<string> FeedEndAsync(CancellationToken cancel);

    /// <summary>The first answer that was committed under a key, or null.</summary>
    Task<StoredAnswer?> AnswerAsync(string key, CancellationToken cancel);

    /// <summary>The actor that holds a claimed name, or null.</summary>
    Task<ActorId?> HolderAsync(string claim, CancellationToken cancel);

    /// <summary>The holders of those of the names that are claimed, in one round trip.</summary>
    Task<IReadOnlyDictionary<string, ActorId>> HoldersAsync(IReadOnlyCollection<string> claims, CancellationToken cancel);

    /// <summary>A handle's messages: unacknowledged ones by priority, then age; not paged. Where <paramref name="limit"/> leaves some out, the newest P0s
    /// are shown, and the oldest of the other priorities.</summary>
    Task<IReadOnlyList<StoredMessage>> InboxAsync(string handle, int limit, CancellationToken cancel);

    Task<StoredMessage?> MessageAsync(string id, CancellationToken cancel);

    /// <summary>Active halts, and those lifted after <paramref name="liftedAfter"/> where given; oldest first.</summary>
    Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel);

    /// <summary>How often halts have been raised and lifted: grows with every change of a halt, in the same commit.</summary>
    Task<long> HaltEpochAsync(CancellationToken cancel);

    /// <summary>Full-text search over the documents of knowledge entries: an entry is found from the commit that wrote it on. Entries
    /// that hold any of the words in title, tags, files, impact or body; the best first, titles and tags count most.</summary>
    /// <param name="words">As <see cref="Core.Knowledge.KnowledgeWords"/> gives them. Empty: nothing is found.</param>
    Task<IReadOnlyList<KnowledgeHit>> SearchAsync(ImmutableArray<string> words, int limit, CancellationToken cancel);

    /// <summary>Counts what is open, for metrics. Walks the indexes of what is open, not histories.</summary>
    Task<JournalFigures> FiguresAsync(DateTimeOffset now, CancellationToken cancel);
}

/// <param name="Flow">Null for actors that follow none.</param>
public readonly record struct OpenCount(string? Flow, string Status, int Actors);

/// <param name="Score">Above 0; higher is better; comparable within one answer only.</param>
public sealed record KnowledgeHit(StoredActor Stored, double Score);
