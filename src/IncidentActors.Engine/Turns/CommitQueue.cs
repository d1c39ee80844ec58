using System.Diagnostics;
using System.Threading.Channels;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Engine.Turns;

/// <summary>
/// Group commit: all turns that are ready go to the journal in one transaction, each with its own result. Bounded: when it is
/// full, turns are refused instead of piling up.
/// </summary>
internal sealed class CommitQueue : IAsyncDisposable
{
    private readonly IStore journal;
    private readonly int mostPerCommit;
    private readonly NodeMetrics metrics;
    private readonly Channel<Waiting> queue;
    private readonly Task[] lanes;

    public CommitQueue(IStore journal, int capacity, int mostPerCommit, NodeMetrics metrics)
    {
        this.metrics = metrics;
        this.journal = journal;
        this.mostPerCommit = mostPerCommit;
        queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait });
        lanes = [.. Enumerable.Range(0, journal.Lanes).Select(_ => CommitAsync())];
    }

    /// <summary>Turns that wait for a transaction.</summary>
    public int Length => queue.Reader.Count;

    /// <exception cref="JournalUnavailableException">The queue is full, or the store did not take the turn.</exception>
    public Task<CommitResult> CommitAsync(TurnRecord turn)
    {
        var waiting = new Waiting(
            turn, new TaskCompletionSource<CommitResult>(TaskCreationOptions.RunContinuationsAsynchronously), Activity.Current?.Context ?? default);
        if (!queue.Writer.TryWrite(waiting))
            throw new JournalUnavailableException("More turns are waiting to be committed than this node takes; try again shortly.", notApplied: true);
        return waiting.Done.Task;
    }

    private async Task CommitAsync()
    {
        var batch = new List<Waiting>(mostPerCommit);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < mostPerCommit && queue.Reader.TryRead(out var waiting)) batch.Add(waiting);
            if (batch.Count > 0) await CommitAsync(batch);
            batch.Clear();
        }
    }

    private async Task CommitAsync(List<Waiting> batch)
    {
        try
        {
            var results = await TimedAsync(batch);
            for (var i = 0; i < batch.Count; i++) batch[i].Done.SetResult(results[i]);
        }
        catch (Exception error) when (batch.Count == 1 || error is JournalUnavailableException)
        {
            // Any failure is passed to every caller: a turn without an answer would wait forever.
            foreach (var waiting in batch) waiting.Done.TrySetException(error);
        }
        catch (Exception)
        {
            // One turn broke what the journal relies on and nothing was written: only that one may fail.
            foreach (var waiting in batch) await CommitAsync([waiting]);
        }
    }

    private async Task<IReadOnlyList<CommitResult>> TimedAsync(List<Waiting> batch)
    {
        var began = Stopwatch.GetTimestamp();
        using var span = Span(batch);
        try
        {
            return await journal.CommitAsync([.. batch.Select(waiting => waiting.Turn)], CancellationToken.None);
        }
        finally
        {
            metrics.Committed(batch.Count, Stopwatch.GetElapsedTime(began));
        }
    }

    /// <summary>Null if no turn of the batch is traced.</summary>
    private static Activity? Span(List<Waiting> batch)
    {
        var traced = batch.Where(waiting => waiting.Trace != default).Select(waiting => waiting.Trace).ToList();
        return traced.Count == 0
            ? null
            : IncidentTraces.Source.StartActivity(
                SpanCatalogue.GroupCommit.Name, ActivityKind.Internal, traced[0], links: traced.Skip(1).Select(turn => new ActivityLink(turn)));
    }

    /// <summary>Lets what is queued be committed, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await Task.WhenAll(lanes);
    }

    private sealed record Waiting(TurnRecord Turn, TaskCompletionSource<CommitResult> Done, ActivityContext Trace);
}
