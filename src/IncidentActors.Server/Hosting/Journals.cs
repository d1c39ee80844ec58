using IncidentActors.Engine.Journals;
using IncidentActors.Journal.Sqlite;

namespace IncidentActors.Server.Hosting;

/// <summary>Which store the journal is in.</summary>
internal static class Journals
{
    /// <summary>The opened journal.</summary>
    /// <exception cref="StartFailure">It is locked, cannot be reached, or is newer than this program.</exception>
    public static async Task<IJournal> OpenAsync(ServerOptions options, CancellationToken cancel)
    {
        if (options.Journal is not null)
            throw new StartFailure(ExitCode.Journal, "This build has no journal on PostgreSQL; leave --journal out to use SQLite.");
        var journal = new SqliteJournal(Path.Combine(options.Data, "journal.db"));
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
