using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Records;
using IncidentActors.Storage.Sqlite.Records;
using Microsoft.Data.Sqlite;

namespace IncidentActors.Storage.Sqlite;

/// <summary>The one connection that writes.</summary>
internal sealed class Writer : IDisposable
{
    // The log is copied into the database in the background (Checkpoints); cache misses cost much: 64 MB of pages.
    private const string Pragmas =
        """
        pragma journal_mode = wal;
        pragma synchronous = full;
        pragma wal_autocheckpoint = 0;
        pragma cache_size = -65536;
        """;

    private const int TrialBytes = 256 * 1024;

    private readonly string path;
    private readonly Link link;
    private readonly string description;
    private readonly HaltCache halts;
    private readonly TurnWriter turns;
    private readonly EffectWriter effects;

    /// <summary>The last transaction was not written.</summary>
    private bool failed;

    public Writer(string path)
    {
        description = $"SQLite {path}";
        this.path = path;
        link = new Link(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            Schema.Apply(link);
            link.Run(Pragmas);
            halts = new HaltCache(link);
            turns = new TurnWriter(link, halts);
            effects = new EffectWriter(link);
            Lightly(static effects =>
            {
                effects.Release();
                return true;
            });
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    public IReadOnlyList<CommitResult> Commit(IReadOnlyList<TurnRecord> batch) => Transaction(() =>
    {
        halts.Refresh();
        var results = new CommitResult[batch.Count];
        for (var i = 0; i < results.Length; i++) results[i] = turns.Commit(batch[i]);
        return results;
    });

    /// <summary>
    /// Commits something that changes nothing: what writes no page succeeds on a full disk too. After a failure the disk must also take more than a
    /// page, because a page fits into the space that the log has already.
    /// </summary>
    public bool Ping()
    {
        if (failed) Try();
        return Transaction(() =>
        {
            link["update fence set epoch = epoch + 1"].Execute();
            return link["update fence set epoch = epoch - 1"].Execute() == 1;
        });
    }

    /// <summary>False if a record was not at its expected version; nothing was written then.</summary>
    public bool Write(IReadOnlyList<RecordWrite> writes)
    {
        try
        {
            return Transaction(() => RecordTable.Write(link, writes));
        }
        catch (RecordTable.MovedException)
        {
            return false;
        }
    }

    /// <summary>Deletes the answers older than <paramref name="before"/> among the <paramref name="limit"/> lowest numbers.</summary>
    public int ForgetAnswers(DateTimeOffset before, int limit) => Transaction(() => link[
        "delete from answers where no in (select no from (select no, at from answers order by no limit ?) where at < ?)"]
        .Bind(1, limit).Bind(2, JournalJson.Ticks(before)).Execute());

    /// <summary>Copies the rest of the write-ahead log into the database. True if nothing is left: the next commit then restarts the log.</summary>
    public bool Checkpoint() => Checkpoints.Copy(link).Left == 0;

    /// <summary>A transaction that may be lost when the machine fails (never torn): leases, which end by themselves anyway.</summary>
    public T Lightly<T>(Func<EffectWriter, T> work)
    {
        link["pragma synchronous = normal"].Execute();
        try
        {
            return Transaction(() => work(effects));
        }
        finally
        {
            link["pragma synchronous = full"].Execute();
        }
    }

    /// <summary>Everything in one transaction.</summary>
    /// <exception cref="InvalidOperationException">The journal is not empty, or the lines do not have this format.</exception>
    public async Task ImportAsync(IAsyncEnumerable<JournalLine> lines, CancellationToken cancel)
    {
        link["begin immediate"].Execute();
        try
        {
            if (link.Number("select 1 from actors union all select 1 from effects") is not null)
                throw new InvalidOperationException("The journal is not empty. Import into an empty folder.");
            JournalLine header = new HeaderLine(0);
            await foreach (var line in lines.WithCancellation(cancel))
            {
                if (header is HeaderLine { Format: 0 }) HeaderLine.Check(header = line);
                if (line is HaltLine { Halt: var halt }) halts.Write(halt);
                else Transfer.Write(link, line);
            }

            HeaderLine.Check(header);
            Commit();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public void Dispose() => link.Dispose();

    private T Transaction<T>(Func<T> work)
    {
        // The connection would keep writing to a deleted file. The check costs a microsecond of the commit's milliseconds.
        if (!File.Exists(path)) throw new JournalUnavailableException(
            JournalUnavailableException.Away, notApplied: true, $"{description}: the file is gone from its folder.");
        link["begin immediate"].Execute();
        T result;
        try
        {
            result = work();
        }
        catch (Exception error)
        {
            failed |= error is SqliteException;
            Rollback();
            throw;
        }

        Commit();
        return result;
    }

    /// <summary>Writes as much as a turn beside the database.</summary>
    private void Try()
    {
        try
        {
            using var file = new FileStream(path + "-trial", FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.Write(new byte[TrialBytes]);
            file.Flush(flushToDisk: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnavailableException(JournalUnavailableException.Away, notApplied: true, $"{description}: {error.Message}");
        }
    }

    private void Commit()
    {
        try
        {
            link["commit"].Execute();
            failed = false;
        }
        catch (SqliteException error)
        {
            failed = true;
            Rollback();
            throw new JournalUnavailableException(JournalUnavailableException.Away, notApplied: false, $"{description}: {error.Message}");
        }
    }

    /// <summary>Some failures have rolled back already; asking again then fails, which is no news.</summary>
    private void Rollback()
    {
        halts.Forget();
        try
        {
            link["rollback"].Execute();
        }
        catch (SqliteException)
        {
        }
    }
}
