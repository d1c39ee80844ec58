using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace IncidentActors.Orleans.Postgres;

/// <summary>
/// The cluster's own tables, in a schema of their own beside the journal's, and the queries that the providers of Orleans look up
/// in them. Brought up to date under a lock at the start of every silo.
/// </summary>
internal static class ClusterSchema
{
    public const string Name = "orleans";

    private const string Lock = "select pg_advisory_xact_lock(7310579618340466)";

    /// <summary>For the providers: the schema is found by the search path, and a silo needs few connections for this.</summary>
    public static string ConnectionString(string journal)
    {
        var settings = new NpgsqlConnectionStringBuilder(journal) { SearchPath = Name, ApplicationName = "incident-actors-cluster" };
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, 10);
        return settings.ConnectionString;
    }

    public static async Task ApplyAsync(string connectionString, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(connectionString));
        await connection.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await RunAsync(connection, Lock, cancel);
        await RunAsync(connection, $"create schema if not exists {Name}", cancel);
        await RunAsync(
            connection,
            $"create table if not exists {Name}.schema_version "
            + "(number integer primary key, script text not null, applied_at timestamptz not null)",
            cancel);
        await using var found = new NpgsqlCommand("select coalesce(max(number), 0) from schema_version", connection);
        var version = (int)(await found.ExecuteScalarAsync(cancel))!;
        foreach (var (number, name, sql) in Scripts().Where(script => script.Number > version))
        {
            await RunAsync(connection, sql, cancel);
            await using var note = new NpgsqlCommand("insert into schema_version values ($1, $2, now())", connection);
            note.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = number });
            note.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = name });
            await note.ExecuteNonQueryAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    private static IEnumerable<(int Number, string Name, string Sql)> Scripts()
    {
        var assembly = typeof(ClusterSchema).Assembly;
        var folder = $"{typeof(ClusterSchema).Namespace}.Scripts.";
        var scripts = assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal));
        foreach (var resource in scripts.Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource[folder.Length..];
            yield return (int.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
