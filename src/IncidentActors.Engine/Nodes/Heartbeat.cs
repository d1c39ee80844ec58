using System.Collections.Immutable;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Engine.Nodes;

/// <summary>
/// Keeps this node in the registry and its halt gate in step with the journal, once a second and whenever a halt is signalled: a
/// signal may be lost, a beat comes again.
/// </summary>
public sealed partial class Heartbeat : IAsyncDisposable
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Silent for longer than this, a node counts as not reachable.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(5);

    private readonly Turns.Turns turns;
    private readonly INodeRegistry registry;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private Task loop = Task.CompletedTask;

    public Heartbeat(Turns.Turns turns, INodeRegistry registry, ILogger log)
    {
        this.turns = turns;
        this.registry = registry;
        this.log = log;
        if (turns.Journal is IJournalSignals signals) signals.Signaled += OnSignal;
    }

    /// <summary>The first beat: afterwards the node is known.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        await BeatAsync(cancel);
        loop = LoopAsync();
    }

    private async Task LoopAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            await WaitAsync();
            if (stop.IsCancellationRequested) return;
            try
            {
                await BeatAsync(stop.Token);
            }
            catch (JournalUnavailableException error)
            {
                LogMissed(log, error.Message);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task BeatAsync(CancellationToken cancel)
    {
        await turns.RefreshHaltsAsync(cancel);
        var confirmed = turns.Gate.Active
            .Select(halt => (halt.Id, At: turns.Gate.ConfirmedAt(halt.Id)))
            .Where(halt => halt.At is not null)
            .ToImmutableSortedDictionary(halt => halt.Id, halt => halt.At!.Value, StringComparer.Ordinal);
        foreach (var ended in await registry.BeatAsync(turns.Options.Node, confirmed, cancel))
        {
            LogEnded(log, ended.Process, ended.Client, ended.Stood.TotalSeconds);
            turns.Metrics.SessionEnded();
        }

        turns.BeatAt = turns.Options.Time.GetUtcNow();
    }

    private async Task WaitAsync()
    {
        using var over = new CancellationTokenSource(Every, turns.Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stop.Token);
        try
        {
            await wake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time for a beat, or the end; the loop looks which.
        }
    }

    private void OnSignal(JournalSignal signal)
    {
        if (signal != JournalSignal.Halt) return;
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // A beat is coming already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (turns.Journal is IJournalSignals signals) signals.Signaled -= OnSignal;
        await stop.CancelAsync();
        await loop;
        try
        {
            await registry.LeaveAsync(turns.Options.Node, CancellationToken.None);
        }
        catch (JournalUnavailableException error)
        {
            LogMissed(log, error.Message);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Ended the session {Process} from {Client}: its node has stood still for {Seconds:0.0} s in the middle of a commit, "
            + "holding locks. What it had begun is not applied")]
    private static partial void LogEnded(ILogger log, int process, string client, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node could not say that it is alive: {Sentence}")]
    private static partial void LogMissed(ILogger log, string sentence);
}
