using IncidentActors.Engine.Records;
using Npgsql;
using NpgsqlTypes;

namespace IncidentActors.Storage.Postgres;

/// <summary>Records are in a table of their own.</summary>
public sealed partial class PostgresStore
{
    /// <summary>Raised by <c>write_record</c>: the record is at another version.</summary>
    private const string Moved = "IA010";

    private const string RecordColumns = "kind, key, version, document";

    public Task<StoredRecord?> FindAsync(string kind, string key, CancellationToken cancel) => GuardedAsync(async () =>
    {
        await using var command = source.CreateCommand($"select {RecordColumns} from records where kind = $1 and key = $2");
        command.Parameters.Add(Text(kind));
        command.Parameters.Add(Text(key));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel) ? Record(rows) : null;
    });

    public Task<IReadOnlyList<StoredRecord>> ListAsync(string kind, string prefix, string? after, int limit, CancellationToken cancel) =>
        GuardedAsync<IReadOnlyList<StoredRecord>>(async () =>
        {
            await using var command = source.CreateCommand(
                $"select {RecordColumns} from records where kind = $1 and key >= $2 and key < $2 || chr(1114111) and key > $3 order by key limit $4");
            command.Parameters.Add(Text(kind));
            command.Parameters.Add(Text(prefix));
            command.Parameters.Add(Text(after ?? ""));
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = (long)limit });
            await using var rows = await command.ExecuteReaderAsync(cancel);
            return await Rows.AllAsync(rows, Record, cancel);
        });

    public Task<bool> WriteAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel) => GuardedAsync(async () =>
    {
        await using var batch = source.CreateBatch();
        foreach (var write in writes)
        {
            batch.Add("select write_record($1, $2, $3, $4)")
                .Value(NpgsqlDbType.Text, write.Kind).Value(NpgsqlDbType.Text, write.Key).Value(NpgsqlDbType.Bigint, write.ExpectedVersion)
                .Value(NpgsqlDbType.Bytea, write.Document?.ToArray());
        }

        try
        {
            await batch.ExecuteNonQueryAsync(cancel);
            return true;
        }
        catch (PostgresException error) when (error.SqlState is Moved or PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }
    });

    private static NpgsqlParameter Text(string value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = value };

    private static StoredRecord Record(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3));
}
