using System.Collections.Concurrent;
using IncidentActors.Engine.Journals;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Storage.Sqlite;

/// <summary>
/// The journal in one SQLite file (WAL, <c>synchronous=FULL</c>): one writer, and concurrent readers that see what is committed.
/// One process at a time; the file <c>…-lock</c> next to the database says which.
/// </summary>
/// <param name="path">The database; the file and its folder are made when missing, for their owner alone (<see cref="PrivateFiles"/>).</param>
/// <param name="log">Gets a line for each file that had been open to others; null: none.</param>
public sealed partial class SqliteStore(string path, ILogger? log = null) : IStore
{
    private readonly ConcurrentBag<Link> readers = [];
    private readonly string leases = Guid.NewGuid().ToString("n")[..8];
    private ProcessLock? processLock;
    private Writer? writer;
    private WriterThread? writing;
    private Checkpoints? checkpoints;
    private long lastLease;

    public event Action<JournalSignal>? Signaled;

    public string Description => $"SQLite {path}";

    public string SystemName => "sqlite";

    public Task<IReadOnlyList<EndedSession>> EndStalledSessionsAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<EndedSession>>([]);

    public int Lanes => 1;

    /// <exception cref="JournalUnavailableException">Another process has the database, or the file is not a database.</exception>
    public async Task OpenAsync(CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is not null) PrivateFiles.CreateFolder(folder);
        processLock = ProcessLock.Take(path + "-lock");
        try
        {
            MakePrivate(folder);
            writer = Guarded(() => new Writer(path));
            writing = new WriterThread();
            checkpoints = new Checkpoints(path, () => Write(static writer => writer.Checkpoint(), CancellationToken.None).GetAwaiter().GetResult());
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
    {
        WellFormed.Check(turns);
        var results = await Write(writer => writer.Commit(turns), cancel);
        foreach (var signal in JournalSignals.Of(turns, results)) Signaled?.Invoke(signal);
        return results;
    }

    public Task<IReadOnlyList<DueEffect>> TakeDueAsync(
        string node, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancel)
    {
        var token = $"{node}#{leases}.{Interlocked.Increment(ref lastLease)}";
        return Write(writer => writer.Lightly(effects => effects.Take(token, now, lease, limit)), cancel);
    }

    public async Task HoldAsync(string effectId, string leaseToken, DateTimeOffset due, DateTimeOffset counted, CancellationToken cancel)
    {
        var held = await Write(writer => writer.Lightly(effects => effects.Hold(effectId, leaseToken, due, counted)), cancel);
        if (held) Signaled?.Invoke(JournalSignal.WakeUp);
    }

    public async Task ParkAsync(string effectId, string leaseToken, string haltId, CancellationToken cancel)
    {
        var parked = await Write(writer => writer.Lightly(effects => effects.Park(effectId, leaseToken, haltId)), cancel);
        if (parked) Signaled?.Invoke(JournalSignal.WakeUp);
    }

    public Task PingAsync(CancellationToken cancel) => Write(static writer => writer.Ping(), cancel);

    public async ValueTask DisposeAsync()
    {
        checkpoints?.Stop();
        if (writing is not null) await writing.DisposeAsync();
        while (readers.TryTake(out var reader)) reader.Dispose();
        writer?.Dispose();
        writer = null;
        checkpoints?.Dispose();
        processLock?.Dispose();
    }

    /// <summary>The library gives the log and its index the rights of the database.</summary>
    private void MakePrivate(string? folder)
    {
        var logger = log ?? NullLogger.Instance;
        PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
        foreach (var file in (string[])[path, path + "-wal", path + "-shm", path + "-lock"]) PrivateFiles.Tighten(file, logger);
        if (folder is not null) PrivateFiles.TightenFolder(folder, logger, Path.GetFileName(path), "artifacts");
    }

    private Writer Opened => writer ?? throw NotOpen();

    private JournalUnavailableException NotOpen() =>
        new(JournalUnavailableException.Away, notApplied: true, $"{Description} is not open.");

    private Task<T> Write<T>(Func<Writer, T> work, CancellationToken cancel) =>
        (writing ?? throw NotOpen()).RunAsync(() => Guarded(() => work(Opened)), cancel);

    private T Read<T>(Func<Link, T> read)
    {
        _ = Opened;
        var link = readers.TryTake(out var idle) ? idle : Guarded(() => new Link(path, SqliteOpenMode.ReadOnly));
        try
        {
            var result = Guarded(() => read(link));
            readers.Add(link);
            return result;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            throw Fault(error);
        }
    }

    private Exception Fault(SqliteException error) => error.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT
        ? new InvalidOperationException($"The database refused the data of a turn, which is a fault of this program: {error.Message}", error)
        : new JournalUnavailableException(JournalUnavailableException.Away, notApplied: true, $"{Description}: {error.Message}");
}
