using IncidentActors.Storage;
using IncidentActors.Storage.Postgres;
using Npgsql;

namespace IncidentActors.Silo.Postgres;

/// <summary>
/// The cluster's tables, in a schema separate from the journal's, and the queries that the providers of Orleans look up
/// in them. Brought up to date under a lock at the start of every silo.
/// </summary>
internal static class ClusterSchema
{
    public const string Name = "orleans";

    private const string Lock = "select pg_advisory_xact_lock(7310579618340466)";

    private static readonly SchemaScripts Scripts = new(
        typeof(ClusterSchema).Assembly, $"{typeof(ClusterSchema).Namespace}.Scripts.", $"{Name}.schema_version");

    /// <summary>For the providers: the schema is found by the search path, and a silo needs few connections for this.</summary>
    public static string ConnectionString(string journal)
    {
        var settings = new NpgsqlConnectionStringBuilder(PostgresAddress.Parse(journal)) { SearchPath = Name, ApplicationName = "incident-actors-cluster" };
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
        await Scripts.ApplyAsync(connection, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
