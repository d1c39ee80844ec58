using IncidentActors.Engine.Journals;
using IncidentActors.Journal.Postgres;
using IncidentActors.Journal.Sqlite;

namespace IncidentActors.Server.Hosting;

/// <summary>Which store the journal is in.</summary>
internal static class Journals
{
    /// <summary>The opened journal.</summary>
    /// <exception cref="StartFailure">It is locked, cannot be reached, or is newer than this program.</exception>
    public static async Task<IJournal> OpenAsync(ServerOptions options, CancellationToken cancel)
    {
        IJournal journal;
        try
        {
            journal = options.Journal is { } connection ? new PostgresJournal(connection) : new SqliteJournal(Path.Combine(options.Data, "journal.db"));
        }
        catch (ArgumentException error)
        {
            throw new StartFailure(ExitCode.Arguments, $"--journal is not a connection string of PostgreSQL like \"Host=…;Database=…;Username=…\": {error.Message}");
        }

        try
        {
            Directory.CreateDirectory(options.Data);
            await journal.OpenAsync(cancel);
            return journal;
        }
        catch (Exception error) when (error is JournalUnavailableException or JournalSchemaException or IOException or UnauthorizedAccessException)
        {
            await journal.DisposeAsync();
            throw new StartFailure(ExitCode.Journal, error.Message);
        }
    }
}
