using Npgsql;
using NpgsqlTypes;

namespace IncidentActors.Journal.Postgres;

/// <summary>Brings a database to this program's schema; nodes that start together do it one after the other.</summary>
internal static class Schema
{
    private const string Lock = "select pg_advisory_xact_lock(7310579618340465)";

    /// <exception cref="Engine.Journals.JournalSchemaException">The schema is newer than this program; nothing was changed.</exception>
    public static async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await RunAsync(connection, Lock, cancel);
        await ApplyAsync(connection, "Postgres", "schema_version", cancel);
        await ApplyAsync(connection, "Postgres.Records", "records_version", cancel);
        await RunAsync(connection, "delete from lanes where used_at < now() - interval '7 days'", cancel);
        await RunAsync(connection, NewEra, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, string scripts, string table, CancellationToken cancel)
    {
        var known = await NumberAsync(connection, $"select count(*) from pg_class where oid = to_regclass('{table}')", cancel) > 0;
        var found = known ? await NumberAsync(connection, $"select coalesce(max(number), 0) from {table}", cancel) : 0;
        var missing = Script.Missing(scripts, (int)found);
        if (!known)
            await RunAsync(connection, $"create table {table} (number bigint primary key, script text not null, applied_at timestamptz not null)", cancel);
        foreach (var script in missing)
        {
            await RunAsync(connection, script.Sql, cancel);
            await using var note = new NpgsqlCommand($"insert into {table} values ($1, $2, now())", connection);
            note.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = (long)script.Number });
            note.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = script.Name });
            await note.ExecuteNonQueryAsync(cancel);
        }
    }

    /// <summary>On a server whose transaction ids are behind those of the events (a restored dump) the feed would stand still.</summary>
    private const string NewEra =
        """
        update fence set era = era + (1::bigint << 44)
        where (select coalesce(max(tx), 0) from events) >= era + pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        """;

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<long> NumberAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }
}
