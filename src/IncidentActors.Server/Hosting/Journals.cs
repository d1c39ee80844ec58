using IncidentActors.Engine.Journals;
using IncidentActors.Storage.Postgres;
using IncidentActors.Storage.Sqlite;

namespace IncidentActors.Server.Hosting;

/// <summary>Which store the journal is in.</summary>
internal static class Journals
{
    /// <summary>The opened journal.</summary>
    /// <exception cref="StartFailure">It is locked, cannot be reached, or is newer than this program.</exception>
    public static async Task<IStore> OpenAsync(ServerOptions options, CancellationToken cancel, ILogger? log = null)
    {
        IStore? journal = null;
        try
        {
            journal = options.Journal is { } connection ? new PostgresStore(connection) : new SqliteStore(Path.Combine(options.Data, "journal.db"), log);
            await journal.OpenAsync(cancel);
            return journal;
        }
        catch (ArgumentException error)
        {
            throw new StartFailure(
                ExitCode.Arguments,
                $"--journal is not a connection string. {error.Message}");
        }
        catch (Exception error) when (error is JournalUnavailableException or JournalSchemaException or IOException or UnauthorizedAccessException)
        {
            if (journal is not null) await journal.DisposeAsync();
            throw new StartFailure(ExitCode.Journal, error.Message);
        }
    }
}
