namespace IncidentActors.Engine.Records;

/// <summary>
/// Small documents that belong to no actor's history: access tokens, webhook subscriptions and what is still to be
/// delivered, leases of inbox messages. They live in the journal's own store, so that a backup or restore includes both.
/// Implementations are safe for concurrent use, by any number of nodes.
/// </summary>
/// <remarks>A store that cannot be reached throws <see cref="Journals.JournalUnavailableException"/>, as the journal does.</remarks>
public interface IRecords
{
    /// <summary>The record, or null.</summary>
    Task<StoredRecord?> FindAsync(string kind, string key, CancellationToken cancel);

    /// <summary>Records of a kind with keys that begin with <paramref name="prefix"/> and sort after <paramref name="after"/>, by key (ordinal).</summary>
    Task<IReadOnlyList<StoredRecord>> ListAsync(string kind, string prefix, string? after, int limit, CancellationToken cancel);

    /// <summary>Writes all or nothing; what is written is durable (fsync'ed) and visible to every later read through any node.</summary>
    /// <returns>False if a record was not at its expected version; nothing was written then.</returns>
    Task<bool> WriteAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel);
}

/// <param name="Version">1 at first, one more with every write.</param>
/// <param name="Document">UTF-8 JSON.</param>
public sealed record StoredRecord(string Kind, string Key, long Version, ReadOnlyMemory<byte> Document);

/// <param name="ExpectedVersion">0: there must be no such record.</param>
/// <param name="Document">UTF-8 JSON; null to delete the record.</param>
public sealed record RecordWrite(string Kind, string Key, long ExpectedVersion, ReadOnlyMemory<byte>? Document);
