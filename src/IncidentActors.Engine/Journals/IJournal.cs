using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Engine.Journals;

/// <summary>
/// The one truth: histories of actors, and everything that is committed together with them. Implementations are safe for
/// concurrent use. Whatever a completed <see cref="CommitAsync"/> reports as committed is durable (fsync'ed) and visible to
/// every later read through any node.
/// </summary>
/// <remarks>
/// No driver exception leaves an implementation: a store that cannot be reached, or whose answer to the commit did not
/// arrive, throws <see cref="JournalUnavailableException"/>.
/// </remarks>
public interface IJournal : IAsyncDisposable
{
    /// <summary>For people: <c>SQLite ./data/journal.db</c>. Never a password.</summary>
    string Description { get; }

    /// <summary>How many commits are worth running at the same time: 1 for a store with a single writer.</summary>
    int Lanes { get; }

    /// <summary>Creates or migrates the schema (numbered scripts). Called once before anything else.</summary>
    /// <exception cref="JournalSchemaException">The schema is newer than this program; nothing was changed.</exception>
    Task OpenAsync(CancellationToken cancel);

    /// <summary>
    /// Commits turns in one transaction; each succeeds or fails by itself, the result has one entry per turn in order.
    /// A turn with <see cref="TurnRecord.Subject"/> is <see cref="Fenced"/> when an active halt covers it: checked inside
    /// the transaction, so that raising a halt and committing a covered turn exclude each other (invariant 4).
    /// Within the call, later turns see what earlier ones wrote.
    /// </summary>
    /// <remarks>
    /// Where several reasons refuse a turn, the first of these is told: <see cref="KeyKnown"/>, <see cref="AlreadyConsumed"/>,
    /// <see cref="Stale"/>, <see cref="Fenced"/>, <see cref="ClaimTaken"/>. So what was applied already says so even under a halt.
    /// A journal may divide the call into several transactions, never a turn. Cancelling stops only a commit that has not begun.
    /// Byte arrays are the journal's until the call has ended; <see cref="InMemoryJournal"/> keeps them.
    /// </remarks>
    /// <exception cref="ArgumentException">A turn breaks <see cref="WellFormed"/>; nothing was written.</exception>
    Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel);

    /// <summary>The actor's document and version, or null when it has no history.</summary>
    Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel);

    /// <summary>Documents by their index columns, ordered by kind-specific rank and then newest first; paged by <see cref="ActorFilter.Cursor"/>.</summary>
    Task<ActorPage> ListAsync(ActorFilter filter, CancellationToken cancel);

    /// <summary>One actor's events with versions above <paramref name="afterVersion"/>, oldest first.</summary>
    Task<IReadOnlyList<StoredEvent>> HistoryAsync(ActorId actor, long afterVersion, int limit, CancellationToken cancel);

    /// <summary>Everybody's events after a cursor, in an order in which nothing can appear later before the cursor that is returned.
    /// With <paramref name="incident"/>: only that incident's (its own, its ATPs', approvals' and halts'),
    /// <see cref="Append.Timeline"/>.</summary>
    /// <exception cref="FormatException">The cursor is none that a journal gave out.</exception>
    Task<FeedPage> FeedAsync(string? after, int limit, string? incident, CancellationToken cancel);

    /// <summary>The cursor behind the newest event that the feed would show now.</summary>
    Task<string> FeedEndAsync(CancellationToken cancel);

    /// <summary>The first answer that was committed under a key, or null.</summary>
    Task<StoredAnswer?> AnswerAsync(string key, CancellationToken cancel);

    /// <summary>The actor that holds a claimed name, or null.</summary>
    Task<ActorId?> HolderAsync(string claim, CancellationToken cancel);

    /// <summary>The holders of those of the names that are claimed. A store that is far away answers in one round trip.</summary>
    async Task<IReadOnlyDictionary<string, ActorId>> HoldersAsync(IReadOnlyCollection<string> claims, CancellationToken cancel)
    {
        var holders = new Dictionary<string, ActorId>(StringComparer.Ordinal);
        foreach (var claim in claims)
        {
            if (await HolderAsync(claim, cancel) is { } holder) holders[claim] = holder;
        }

        return holders;
    }

    /// <summary>A handle's messages: unacknowledged ones by priority, then age; paged by nothing, limited by <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<StoredMessage>> InboxAsync(string handle, int limit, CancellationToken cancel);

    Task<StoredMessage?> MessageAsync(string id, CancellationToken cancel);

    /// <summary>Active halts, and those lifted after <paramref name="liftedAfter"/> where given; oldest first.</summary>
    Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel);

    /// <summary>Takes due effects for a node: marks them with a fresh lease token so that no other node takes them before the
    /// lease ends. Effects held by <see cref="HoldAsync"/> come again at their new due time. By readiness, then oldest first.</summary>
    Task<IReadOnlyList<DueEffect>> TakeDueAsync(string node, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancel);

    /// <summary>Gives an effect back with a new due time and, for a clock that stood still, a new base; only with the right lease
    /// token, else nothing happens. Leases and holds need not survive a crash of the store: the effect itself does, and comes
    /// again.</summary>
    Task HoldAsync(string effectId, string leaseToken, DateTimeOffset due, DateTimeOffset counted, CancellationToken cancel);

    /// <summary>Lets an effect rest until the halt is lifted, wholly or partly: it comes again at once then. When the halt is not active
    /// any more it comes again now. Only with the right lease token.</summary>
    Task ParkAsync(string effectId, string leaseToken, string haltId, CancellationToken cancel);

    /// <summary>When the next effect that nobody has leased becomes due (or a lease ends), or null.</summary>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel);

    /// <summary>An effect by its id (a clock that runs), or null.</summary>
    Task<DueEffect?> EffectAsync(string effectId, CancellationToken cancel);

    /// <summary>Round trip that proves that turns can be committed; throws when not.</summary>
    Task PingAsync(CancellationToken cancel);
}
