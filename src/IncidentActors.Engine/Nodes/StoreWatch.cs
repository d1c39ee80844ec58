using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Engine.Nodes;

/// <summary>
/// What every node looks after in the store once a second: it reads the active halts, in case the news of one was lost, and ends
/// sessions of nodes that froze in the middle of a commit.
/// </summary>
public sealed partial class StoreWatch(TurnExecutor turns, ILogger log) : IAsyncDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stop = new();
    private Task loop = Task.CompletedTask;

    /// <summary>Looks once, then again and again until it is disposed.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        await LookAsync(cancel);
        loop = LoopAsync();
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(Interval, turns.Options.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try
                {
                    await LookAsync(stop.Token);
                }
                catch (JournalUnavailableException error)
                {
                    LogMissed(log, error.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        await turns.RefreshHaltsAsync(cancel);
        turns.StoreSeenAt = turns.Options.Time.GetUtcNow();
        foreach (var ended in await turns.Journal.EndStalledSessionsAsync(cancel))
        {
            LogEnded(log, ended.Process, ended.Client, ended.Stood.TotalSeconds);
            turns.Metrics.SessionEnded();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Ended the session {Process} from {Client}: its node has been frozen for {Seconds:0.0} s in the middle of a commit, "
            + "holding locks. What it had begun is not applied")]
    private static partial void LogEnded(ILogger log, int process, string client, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node could not read the halts of the store: {Sentence}")]
    private static partial void LogMissed(ILogger log, string sentence);
}
