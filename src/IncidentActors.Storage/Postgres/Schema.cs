using Npgsql;

namespace IncidentActors.Storage.Postgres;

/// <summary>Brings a database to this program's schema; nodes that start together do it one after the other.</summary>
internal static class Schema
{
    private const string Lock = "select pg_advisory_xact_lock(7310579618340465)";

    private static readonly SchemaScripts[] Parts = [SchemaScripts.Of("Postgres", "schema_version"), SchemaScripts.Of("Postgres.Records", "records_version")];

    /// <summary>On a server whose transaction ids are behind those of the events (a restored dump) the feed would stall.</summary>
    private const string NewEra =
        """
        update fence set era = era + (1::bigint << 44)
        where (select coalesce(max(tx), 0) from events) >= era + pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        """;

    /// <exception cref="Engine.Journals.JournalSchemaException">The schema is newer than this program; nothing was changed.</exception>
    public static async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await RunAsync(connection, Lock, cancel);
        foreach (var part in Parts) await part.ApplyAsync(connection, cancel);
        await RunAsync(connection, "delete from lanes where used_at < now() - interval '7 days'", cancel);
        await RunAsync(connection, NewEra, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
