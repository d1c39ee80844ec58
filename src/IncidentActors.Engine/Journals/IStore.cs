using IncidentActors.Engine.Records;

namespace IncidentActors.Engine.Journals;

/// <summary>
/// The store of a journal: the histories of actors, everything that is committed together with them, and records.
/// Every store implements every member. A decorator derives from <see cref="DelegatingStore"/>.
/// </summary>
/// <remarks>
/// Safe for concurrent use. No driver exception leaves a store: one that cannot be reached, or whose answer to a commit did not
/// arrive, throws <see cref="JournalUnavailableException"/>.
/// </remarks>
public interface IStore : ICommitLog, IStoreReader, IEffectQueue, IRecords, IStoreMaintenance, IAsyncDisposable
{
    /// <summary>For people: <c>SQLite ./data/journal.db</c>. Never a password.</summary>
    string Description { get; }

    /// <summary>OpenTelemetry's name of the store, <c>db.system.name</c>: <c>sqlite</c>, <c>postgresql</c>.</summary>
    string SystemName { get; }

    /// <summary>Hints that something may be worth reading again. Raised after the commit, on any thread. Handlers return at once and
    /// throw nothing. A hint may come twice, late, without cause or (while a connection is down) not at all, so a reader that waits
    /// for one also reads again after a while.</summary>
    event Action<JournalSignal>? Signaled;

    /// <summary>Creates or migrates the schema. Called once before anything else.</summary>
    /// <exception cref="JournalSchemaException">The schema is newer than this program; nothing was changed.</exception>
    Task OpenAsync(CancellationToken cancel);

    /// <summary>Round trip that proves that turns can be committed; throws when not.</summary>
    Task PingAsync(CancellationToken cancel);
}
