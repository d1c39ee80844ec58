using Microsoft.Data.Sqlite;

namespace IncidentActors.Journal.Sqlite;

/// <summary>
/// Copies the write-ahead log into the database on a thread of its own while commits go on: within a commit it would hold up whoever
/// waits for it, for tens of milliseconds under load. Only the rest, a few pages, is copied between two commits.
/// </summary>
internal sealed class Checkpoints : IDisposable
{
    /// <summary>Pages in the log from which on it is begun anew: 32 MB.</summary>
    private const int Long = 8000;

    /// <summary>Pages that may be left for the moment between two commits.</summary>
    private const int Rest = 200;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly string path;
    private readonly Action copyRest;
    private readonly ManualResetEventSlim stop = new();
    private readonly Thread thread;

    /// <param name="copyRest">Calls <see cref="Writer.Checkpoint"/> between two commits, and returns then.</param>
    public Checkpoints(string path, Action copyRest)
    {
        this.path = path;
        this.copyRest = copyRest;
        thread = new Thread(Run) { IsBackground = true, Name = "journal checkpoints" };
        thread.Start();
    }

    /// <summary>Copies what no reader or writer forbids. Log: the pages in it; Left: those that are not copied.</summary>
    public static (long Log, long Left) Copy(Link link)
    {
        var row = link["pragma wal_checkpoint(passive)"];
        row.Step();
        var (log, copied) = (row.Number(1), row.Number(2));
        row.Reset();
        return (log, log - copied);
    }

    private void Run()
    {
        Link? link = null;
        while (!stop.Wait(Every))
        {
            try
            {
                link ??= new Link(path, SqliteOpenMode.ReadWrite);
                var (log, left) = Copy(link);
                for (var again = 0; log > Long && left > Rest && again < 5; again++) (log, left) = Copy(link);
                if (log > Long) copyRest();
            }
            catch (Exception error) when (error is SqliteException or Engine.Journals.JournalUnavailableException)
            {
                // The disk is full or gone: every commit says so to its caller; the log waits for the next time, on a new connection.
                link?.Dispose();
                link = null;
            }
        }

        link?.Dispose();
    }

    public void Dispose()
    {
        stop.Set();
        thread.Join();
        stop.Dispose();
    }
}
