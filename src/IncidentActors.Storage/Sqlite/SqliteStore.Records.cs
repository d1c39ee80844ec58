using IncidentActors.Engine.Records;
using IncidentActors.Storage.Sqlite.Records;

namespace IncidentActors.Storage.Sqlite;

/// <summary>Records are written by the journal's one writer, so that neither waits for the other's lock.</summary>
public sealed partial class SqliteStore
{
    public Task<StoredRecord?> FindAsync(string kind, string key, CancellationToken cancel) =>
        Task.FromResult(Read(link => RecordTable.Find(link, kind, key)));

    public Task<IReadOnlyList<StoredRecord>> ListAsync(string kind, string prefix, string? after, int limit, CancellationToken cancel) =>
        Task.FromResult(Read(link => RecordTable.List(link, kind, prefix, after, limit)));

    public Task<bool> WriteAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel) => Write(writer => writer.Write(writes), cancel);
}
