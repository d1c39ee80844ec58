using IncidentActors.Engine.Journals;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace IncidentActors.Storage.Sqlite;

/// <summary>
/// Copies the write-ahead log into the database on a separate thread during commits: within a commit it would delay everybody who
/// waits for it, for tens of milliseconds under load. Only the rest, a few pages, is copied between two commits. The library leaves
/// the database unflushed while commits overtake it, so that all of it would be due in that rest: it is flushed here, before.
/// </summary>
internal sealed class Checkpoints : IDisposable
{
    /// <summary>Size of the log, in pages, at which it is restarted: 32 MB.</summary>
    private const int Long = 8000;

    /// <summary>Pages that may be left for the moment between two commits.</summary>
    private const int Rest = 200;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly string path;
    private readonly Action copyRest;
    private readonly ManualResetEventSlim stop = new();
    private readonly Thread thread;

    /// <summary>
    /// A second handle of the database, only to flush it. Closing any handle of a file releases all POSIX locks of the process on
    /// it (sqlite.org/howtocorrupt.html §2.2), so it stays open until every connection is closed.
    /// </summary>
    private readonly SafeFileHandle database;

    /// <param name="copyRest">Calls <see cref="Writer.Checkpoint"/> between two commits, and returns then.</param>
    public Checkpoints(string path, Action copyRest)
    {
        this.path = path;
        this.copyRest = copyRest;
        database = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
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
                if (log <= Long) continue;
                RandomAccess.FlushToDisk(database);
                copyRest();
            }
            catch (Exception error) when (error is SqliteException or IOException or JournalUnavailableException)
            {
                // The disk is full or gone: every commit says so to its caller; the log waits for the next time, on a new connection.
                link?.Dispose();
                link = null;
            }
        }

        link?.Dispose();
    }

    /// <summary>Nothing is copied any more.</summary>
    public void Stop()
    {
        stop.Set();
        thread.Join();
    }

    /// <summary>After <see cref="Stop"/>, and when no connection is open.</summary>
    public void Dispose()
    {
        database.Dispose();
        stop.Dispose();
    }
}
