using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Engine.Maintenance;

/// <summary>Forgets idempotency keys after <see cref="EngineOptions.KeyRetention"/>, at intervals, in bounded batches between turns.</summary>
public sealed partial class KeySweep : IAsyncDisposable
{
    /// <summary>Answers that one piece looks at.</summary>
    public const int Piece = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly IStoreMaintenance journal;
    private readonly EngineOptions options;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private readonly Task loop;

    /// <summary>Begins to sweep; the first time after ten minutes.</summary>
    public KeySweep(IStoreMaintenance journal, EngineOptions options, ILogger log)
    {
        this.journal = journal;
        this.options = options;
        this.log = log;
        loop = LoopAsync();
    }

    /// <summary>Forgets what is too old now; the number of keys.</summary>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        var before = options.Time.GetUtcNow() - options.KeyRetention;
        for (var all = 0; ;)
        {
            var forgotten = await journal.ForgetAnswersAsync(before, Piece, cancel);
            all += forgotten;
            if (forgotten < Piece) return all;
        }
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(Interval, options.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try
                {
                    if (await SweepAsync(stop.Token) is > 0 and var forgotten) LogForgotten(log, forgotten, options.KeyRetention);
                }
                catch (JournalUnavailableException error)
                {
                    LogUnavailable(log, error.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        stop.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Keys} idempotency keys that were kept for {Retention} are forgotten")]
    private static partial void LogForgotten(ILogger log, int keys, TimeSpan retention);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal cannot be reached; expired idempotency keys are removed later: {Sentence}")]
    private static partial void LogUnavailable(ILogger log, string sentence);
}
