using System.Data;
using System.Runtime.CompilerServices;
using IncidentActors.Engine.Journals;
using Npgsql;

namespace IncidentActors.Storage.Postgres;

public sealed partial class PostgresStore
{
    private const int LinesAtOnce = 500;

    public async IAsyncEnumerable<JournalLine> ReadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = await GuardedAsync(() => source.OpenConnectionAsync(cancel).AsTask());
        await using var moment = await GuardedAsync(async () =>
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            await WithoutTimeoutAsync(connection, cancel);
            return transaction;
        });
        await using var lines = Transfer.LinesAsync(connection, cancel).GetAsyncEnumerator(cancel);
        while (await GuardedAsync(() => lines.MoveNextAsync().AsTask())) yield return lines.Current;
    }

    public async Task WriteAllAsync(IAsyncEnumerable<JournalLine> lines, CancellationToken cancel)
    {
        await GuardedAsync(async () =>
        {
            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await WithoutTimeoutAsync(connection, cancel);
            await RefuseUnlessEmptyAsync(connection, cancel);
            JournalLine header = new HeaderLine(0);
            await using var batch = new NpgsqlBatch(connection);
            await foreach (var line in lines.WithCancellation(cancel))
            {
                if (header is HeaderLine { Format: 0 }) HeaderLine.Check(header = line);
                Transfer.Write(batch, line);
                if (batch.BatchCommands.Count < LinesAtOnce) continue;
                await batch.ExecuteNonQueryAsync(cancel);
                batch.BatchCommands.Clear();
            }

            HeaderLine.Check(header);
            if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancel);
            await transaction.CommitAsync(cancel);
            return true;
        });
        fence.Forget();
    }

    public async Task<IReadOnlyList<string>> StrayColumnsAsync(CancellationToken cancel) =>
    [
        .. (await ReadAsync(
            "select id, recipient, priority, sent_at, document from messages",
            static row => JournalJson.Stray(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt64(3), row.GetFieldValue<byte[]>(4)),
            cancel)).OfType<string>(),
        .. (await ReadAsync(
            "select id, raised_at, lifted_at, document from halts",
            static row => JournalJson.Stray(row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetFieldValue<byte[]>(3)),
            cancel)).OfType<string>(),
        .. await ReadAsync(
            "select id from actors where kind <> split_part(id, '/', 1)",
            static row => $"the columns of {row.GetString(0)} name another kind", cancel),
    ];

    /// <summary>Holds the fence's lock exclusively, so that nothing is committed during the import.</summary>
    private static async Task RefuseUnlessEmptyAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var locks = new NpgsqlCommand("select pg_advisory_xact_lock(7310579618340464)", connection);
        await locks.ExecuteNonQueryAsync(cancel);
        await using var look = new NpgsqlCommand("select exists (select from actors) or exists (select from effects)", connection);
        if ((bool)(await look.ExecuteScalarAsync(cancel))!) throw new InvalidOperationException("The journal is not empty. Import into an empty database.");
    }

    /// <summary>A whole journal takes longer than a commit may.</summary>
    private static async Task WithoutTimeoutAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("set local statement_timeout = 0", connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
