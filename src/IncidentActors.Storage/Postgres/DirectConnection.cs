using IncidentActors.Engine.Journals;
using Npgsql;

namespace IncidentActors.Storage.Postgres;

/// <summary>
/// The first connection. A pooler that drops the settings of a session is refused: the store needs one session for each of its
/// connections (LISTEN, prepared statements, time limits, the cluster's search path), and would fail later and less clearly.
/// </summary>
internal static class DirectConnection
{
    /// <summary>PgBouncer's answer to settings that it is not told to ignore: <c>unsupported startup parameter</c>.</summary>
    private const string UnsupportedParameter = PostgresErrorCodes.ProtocolViolation;

    /// <exception cref="JournalUnavailableException">The connection goes through a pooler.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, string description, CancellationToken cancel)
    {
        var connection = await ConnectAsync(source, description, cancel);
        await using var look = new NpgsqlCommand($"select current_setting('{ConnectionSettings.Marker}', true)", connection);
        if (await look.ExecuteScalarAsync(cancel) is "on") return connection;
        await connection.DisposeAsync();
        throw Pooled(description);
    }

    private static async Task<NpgsqlConnection> ConnectAsync(NpgsqlDataSource source, string description, CancellationToken cancel)
    {
        try
        {
            return await source.OpenConnectionAsync(cancel);
        }
        catch (PostgresException error)
            when (error.SqlState == UnsupportedParameter && error.MessageText.Contains("startup parameter", StringComparison.Ordinal))
        {
            throw Pooled(description);
        }
    }

    private static JournalUnavailableException Pooled(string description) => new(
        JournalUnavailableException.Away, notApplied: true,
        $"{description} is a connection pooler such as PgBouncer, which drops the settings of sessions. Connect directly: name the host and port of "
        + "PostgreSQL itself. This program keeps a pool of its own ('Maximum Pool Size', 20).");
}
