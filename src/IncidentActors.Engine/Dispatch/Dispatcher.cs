using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Engine.Dispatch;

/// <summary>
/// Applies effects that are due: commands to actors, and clocks. Each is consumed in the commit of the turn that applies it, so it is
/// applied exactly once, whatever crashes. Clocks of halted work stand still and keep what was left.
/// </summary>
public sealed partial class Dispatcher : IAsyncDisposable
{
    /// <summary>A look at the journal even when nothing signals, in case a signal was lost or a dead node's lease ended.</summary>
    private static readonly TimeSpan LookEvery = JournalSignals.LookEvery;

    private readonly Turns.Turns turns;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private readonly WakeUp wake = new();
    private readonly Places places;
    private readonly ConcurrentDictionary<Task, byte> running = new();

    /// <summary>Where effects are applied; a commit may be told of on the scheduler of the actor that made it.</summary>
    private readonly TaskScheduler home = TaskScheduler.Current;
    private Task loop = Task.CompletedTask;

    public Dispatcher(Turns.Turns turns, ILogger log)
    {
        this.turns = turns;
        this.log = log;
        places = new Places(turns.Options.EffectsAtOnce);
        turns.EffectsCommitted += OnCommitted;
        if (turns.Journal is IJournalSignals signals) signals.Signaled += OnSignal;
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
                var wait = next is { } at && at - Now < LookEvery ? at - Now : LookEvery;
                await WaitAsync(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (JournalUnavailableException error)
            {
                LogUnavailable(log, error.Message);
                await WaitAsync(LookEvery);
            }
            catch (Exception error)
            {
                // Whatever it was, a dispatcher that stops would stop every clock.
                LogLoopFailed(log, error);
                await WaitAsync(LookEvery);
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
            var result = await turns.TakeAsync(Request(effect, command), cancel);
            if (result.Fenced is { } halt) await turns.Journal.ParkAsync(effect.Id, effect.LeaseToken, halt.Id, cancel);
            if (result.Outcome is Rejected { Kind: not RejectionKind.Halted } rejected) LogRejected(log, effect.Id, rejected.Rule, rejected.Sentence);
            if (result.Outcome is Unavailable unavailable) LogUnavailable(log, unavailable.Sentence);
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

    /// <summary>True: a halt has kept the clock standing; it waits for the lift, or rings later by the time that it stood.</summary>
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

        var stood = StandingTime.Between(halts, subject, effect.Counted, now);
        if (stood <= TimeSpan.Zero) return false;
        await turns.Journal.HoldAsync(effect.Id, effect.LeaseToken, effect.Due + stood, now, cancel);
        return true;
    }

    private TurnRequest Request(DueEffect effect, ICommand command)
    {
        var target = effect.Target;
        return new TurnRequest(target, command, new Call { At = default, Seed = "", By = Handle.System })
        {
            Decide = (state, world) => command switch
            {
                IncidentCommand of => IncidentDecider.Decide(target.Key, (IncidentState?)state, of, world),
                AtpCommand of => AtpDecider.Decide(target.Key, (AtpState?)state, of, world),
                _ => throw new InvalidOperationException($"no effect carries {command.GetType().Name}"),
            },
            SubjectOf = (_, _, _) => effect.Subject,
            Consumes = new Consumption(effect.Id, effect.LeaseToken),
        };
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

    public async ValueTask DisposeAsync()
    {
        turns.EffectsCommitted -= OnCommitted;
        if (turns.Journal is IJournalSignals signals) signals.Signaled -= OnSignal;
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal cannot be reached; effects wait: {Sentence}")]
    private static partial void LogUnavailable(ILogger log, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Effect {EffectId} was refused by {Rule} and is consumed: {Sentence}")]
    private static partial void LogRejected(ILogger log, string effectId, string rule, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for due effects failed; it is tried again")]
    private static partial void LogLoopFailed(ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Effect {EffectId} failed at attempt {Attempt}; it is tried again later")]
    private static partial void LogFailed(ILogger log, string effectId, int attempt, Exception error);
}
