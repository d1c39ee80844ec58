using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Engine.Dispatch;

/// <summary>
/// Applies effects that are due: commands to actors, and clocks. Each is consumed in the commit of the turn that applies it, so it is
/// applied exactly once, also after crashes. Clocks of halted work are paused and keep their remaining time.
/// </summary>
public sealed partial class Dispatcher : IAsyncDisposable
{
    /// <summary>A look at the journal even when nothing signals, in case a signal was lost or a dead node's lease ended.</summary>
    private static readonly TimeSpan PollInterval = JournalSignals.PollInterval;

    private readonly TurnExecutor turns;
    private readonly IEffectTargets targets;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private readonly WakeUp wake = new();
    private readonly ConcurrencyLimiter places;
    private readonly ConcurrentDictionary<Task, byte> running = new();

    /// <summary>Where effects are applied. A commit may be reported on the scheduler of the actor that made it.</summary>
    private readonly TaskScheduler home = TaskScheduler.Current;
    private Task loop = Task.CompletedTask;

    public Dispatcher(TurnExecutor turns, IEffectTargets targets, ILogger log)
    {
        this.turns = turns;
        this.targets = targets;
        this.log = log;
        places = new ConcurrencyLimiter(turns.Options.EffectsAtOnce);
        turns.EffectsCommitted += OnCommitted;
        turns.Journal.Signaled += OnSignal;
    }

    public void Start() => loop = LoopAsync();

    /// <summary>Takes what is due now and applies it; the number of effects taken.</summary>
    public async Task<int> DispatchDueAsync(CancellationToken cancel)
    {
        var due = await turns.Journal.TakeDueAsync(turns.Options.Node, Now, turns.Options.EffectLease, turns.Options.EffectsAtOnce * 4, cancel);
        await Task.WhenAll(due.Select(effect => ApplyAsync(effect, cancel)));
        return due.Count;
    }

    /// <summary>Ends when every effect is applied that this node's own commits have made due so far.</summary>
    internal async Task SettledAsync()
    {
        while (!running.IsEmpty) await Task.WhenAll(running.Keys);
    }

    private DateTimeOffset Now => turns.Options.Time.GetUtcNow();

    private async Task LoopAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await DispatchDueAsync(stop.Token) > 0) continue;
                var next = await turns.Journal.NextDueAsync(stop.Token);
                var wait = next is { } at && at - Now < PollInterval ? at - Now : PollInterval;
                await WaitAsync(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (JournalUnavailableException error)
            {
                LogUnavailable(log, error.Message);
                await WaitAsync(PollInterval);
            }
            catch (Exception error)
            {
                // Any failure is survived: a dispatcher that stops would stop every clock.
                LogLoopFailed(log, error);
                await WaitAsync(PollInterval);
            }
        }
    }

    /// <summary>Until something signals or the time is over.</summary>
    private Task WaitAsync(TimeSpan time) => wake.WaitAsync(time, turns.Options.Time, stop.Token);

    private async Task ApplyAsync(DueEffect effect, CancellationToken cancel)
    {
        await places.EnterAsync(cancel);
        try
        {
            if (effect.Clock && await StoodStillAsync(effect, cancel)) return;
            var command = JsonSerializer.Deserialize(effect.Command.Span, CoreJson.Options.GetTypeInfo(typeof(ICommand))) as ICommand
                ?? throw new JsonException($"the effect {effect.Id} holds no command");
            var outcome = await targets.ApplyAsync(effect.Target, new EffectCommand(effect.Id, effect.LeaseToken, command, effect.Subject));
            switch (outcome)
            {
                case Rejected { Kind: RejectionKind.Halted, Halt: { } halt }:
                    await turns.Journal.ParkAsync(effect.Id, effect.LeaseToken, halt.Id, cancel);
                    break;
                case Rejected rejected:
                    LogRejected(log, effect.Id, rejected.Rule, rejected.Sentence);
                    break;
                case Unavailable unavailable:
                    // If it was applied in spite of that, its lease token is gone and this does nothing.
                    LogUnavailable(log, unavailable.Sentence);
                    await turns.Journal.HoldAsync(effect.Id, effect.LeaseToken, Now + PollInterval, effect.Counted, cancel);
                    break;
            }
        }
        catch (JournalUnavailableException error)
        {
            LogUnavailable(log, error.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A bug in one effect must not stop the others; its lease ends and it comes again, later and later.
            LogFailed(log, effect.Id, effect.Attempts, error);
            await turns.Journal.HoldAsync(effect.Id, effect.LeaseToken, Now + Delay(effect.Attempts), effect.Counted, cancel);
        }
        finally
        {
            places.Leave();
        }
    }

    /// <summary>Whether a halt has paused the clock: it waits for the lift, or becomes due later by the paused time.</summary>
    private async Task<bool> StoodStillAsync(DueEffect effect, CancellationToken cancel)
    {
        if (effect.Subject is not { } subject) return false;
        var now = Now;
        var halts = await turns.Journal.HaltsAsync(effect.Counted, cancel);
        if (halts.FirstOrDefault(halt => halt.Covers(subject)) is { } active)
        {
            await turns.Journal.ParkAsync(effect.Id, effect.LeaseToken, active.Id, cancel);
            return true;
        }

        var stood = PausedTime.Between(halts, subject, effect.Counted, now);
        if (stood <= TimeSpan.Zero) return false;
        await turns.Journal.HoldAsync(effect.Id, effect.LeaseToken, effect.Due + stood, now, cancel);
        return true;
    }

    private void OnCommitted(ImmutableArray<EffectRecord> effects)
    {
        var soon = false;
        foreach (var effect in effects)
        {
            soon |= JournalSignals.Wakes(effect, Now);
            if (effect.LeaseToken is { } token)
                Run(new DueEffect(effect.Id, effect.Target, effect.Command, effect.Due, effect.Counted, effect.Subject, effect.Clock, token, 1));
        }

        if (soon) wake.Set();
    }

    private void Run(DueEffect effect)
    {
        if (stop.IsCancellationRequested) return;
        var task = TaskScheduler.Current == home
            ? ApplyAsync(effect, stop.Token)
            : Task.Factory.StartNew(() => ApplyAsync(effect, stop.Token), CancellationToken.None, TaskCreationOptions.None, home).Unwrap();
        if (task.IsCompletedSuccessfully) return;
        running.TryAdd(task, 0);
        task.ContinueWith(
            static (done, running) => ((ConcurrentDictionary<Task, byte>)running!).TryRemove(done, out _), running,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void OnSignal(JournalSignal signal)
    {
        if (signal == JournalSignal.WakeUp) Wake();
    }

    internal void Wake() => wake.Set();

    private static TimeSpan Delay(int attempts) => TimeSpan.FromSeconds(Math.Min(600, Math.Pow(2, Math.Min(attempts, 10))));

    /// <summary>Takes no more effects; ends when those in work are applied. Disposing does the same.</summary>
    public async Task StopAsync()
    {
        turns.EffectsCommitted -= OnCommitted;
        turns.Journal.Signaled -= OnSignal;
        await stop.CancelAsync();
        await loop;
        try
        {
            await SettledAsync();
        }
        catch (OperationCanceledException)
        {
            // Stopped before its turn; the lease ends and it is applied later.
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal cannot be reached; effects wait: {Sentence}")]
    private static partial void LogUnavailable(ILogger log, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Effect {EffectId} was refused by {Rule} and is consumed: {Sentence}")]
    private static partial void LogRejected(ILogger log, string effectId, string rule, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading due effects failed; the next poll tries again")]
    private static partial void LogLoopFailed(ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Effect {EffectId} failed at attempt {Attempt}; it is tried again later")]
    private static partial void LogFailed(ILogger log, string effectId, int attempt, Exception error);
}
