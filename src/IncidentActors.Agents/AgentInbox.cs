using IncidentActors.Client;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Agents;

/// <summary>Gives an activation of an agent its messages, and tells the journal when the agent has stopped under a halt.</summary>
internal sealed partial class AgentInbox
{
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(1);

    /// <summary>How often the inbox is watched again: the journal watches it for an hour.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMinutes(20);

    private readonly string handle;
    private readonly AgentRuntime runtime;
    private readonly Func<MessageView, AgentTurn, Task> onMessage;
    private readonly IncidentClient journal;
    private readonly WorkGate gate;
    private readonly TaskScheduler grain = TaskScheduler.Current;
    private readonly IGrainTimer looks;
    private readonly IGrainTimer turns;
    private readonly HashSet<string> acknowledged = [];
    private readonly Dictionary<string, Unfinished> unfinished = [];
    private InboxView? known;
    private (string Key, DateTimeOffset At) watched;
    private DateTimeOffset nextLook = DateTimeOffset.MaxValue;
    private TimeSpan? again;
    private bool looking;
    private bool inTurn;
    private bool unreadable;
    private int failures;

    /// <param name="timer">Registers a timer of the grain.</param>
    public AgentInbox(
        string handle, IGrainContext context, AgentRuntime runtime, Func<MessageView, AgentTurn, Task> onMessage,
        Func<Func<CancellationToken, Task>, GrainTimerCreationOptions, IGrainTimer> timer)
    {
        (this.handle, this.runtime, this.onMessage) = (handle, runtime, onMessage);
        (journal, gate) = (runtime.ClientOf(handle), runtime.GateOf(handle));
        turns = timer(TurnAsync, new(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        looks = timer(LookAsync, new(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { KeepAlive = true, Interleave = true });
        runtime.News.Add(handle, this);
        _ = RemoveAsync(context.Deactivated);
        LookIn(TimeSpan.Zero);
    }

    /// <summary>There is something that a halt would stop, or that waits for the end of one.</summary>
    public bool HasWork =>
        IsBusy || unfinished.Count > 0 || known is null or { Messages.IsEmpty: false } or { Work.IsEmpty: false } or { SetAside.IsEmpty: false };

    /// <summary>A turn, a tick or a write is going on.</summary>
    public bool IsBusy => !gate.IsIdle;

    /// <summary>Reads the inbox at once. From any thread.</summary>
    public void Look() => Task.Factory.StartNew(() => LookIn(TimeSpan.Zero), CancellationToken.None, TaskCreationOptions.None, grain);

    /// <summary>A message whose turn was halted or has failed.</summary>
    /// <param name="HasActed">Its turn has sent commands, so the journal may have settled it.</param>
    private sealed record Unfinished(MessageView Message, int Attempts, DateTimeOffset RetryAt, bool HasActed);

    /// <summary>Reads the inbox beside the turn: cancels what halts cover, acknowledges halts when that has ended, and begins a turn for what waits.</summary>
    private async Task LookAsync(CancellationToken stopping)
    {
        if (looking) return;
        (looking, nextLook) = (true, DateTimeOffset.MaxValue);
        try
        {
            var inbox = known = await PeekAsync(stopping);
            unreadable = false;
            gate.Learn(inbox);
            acknowledged.IntersectWith(inbox.Halts.Select(halt => halt.Id));
            foreach (var halt in inbox.Halts.Where(halt => gate.IsQuiet && !acknowledged.Contains(halt.Id)))
            {
                if ((await journal.AcknowledgeHaltAsync(halt.Id, stopping)).IsAccepted) acknowledged.Add(halt.Id);
            }

            if (!inTurn && Next(inbox) is not null) turns.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            if (!unreadable) LogNoInbox(runtime.Log, handle, error);
            unreadable = true;
            failures++;
        }
        finally
        {
            looking = false;
            if (!stopping.IsCancellationRequested) LookIn(again ?? Pause());
            again = null;
        }
    }

    private async Task<InboxView> PeekAsync(CancellationToken stopping)
    {
        var place = IsBusy ? null : runtime.IdleLooks;
        if (place is not null) await place.WaitAsync(stopping);
        try
        {
            failures = await BeWatchedAsync(stopping) ? 0 : failures + 1;
            return await journal.PeekInboxAsync(stopping);
        }
        finally
        {
            place?.Release();
        }
    }

    /// <summary>Before the inbox is read, so that what comes between is told as news.</summary>
    private async Task<bool> BeWatchedAsync(CancellationToken stopping)
    {
        var (key, now) = (runtime.News.Key, DateTimeOffset.UtcNow);
        if (watched.Key == key && now - watched.At < WatchInterval) return true;
        try
        {
            await journal.WatchInboxAsync(key, stopping);
            watched = (key, now);
            runtime.News.Watched(handle, key);
            return true;
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            runtime.News.Missed(error);
            return false;
        }
    }

    /// <summary>An earlier look stays.</summary>
    private void LookIn(TimeSpan delay)
    {
        if (looking)
        {
            again = delay < again ? delay : again ?? delay;
            return;
        }

        var at = DateTimeOffset.UtcNow + delay;
        if (at >= nextLook) return;
        nextLook = at;
        looks.Change(delay, runtime.LookInterval);
    }

    /// <summary>Until the next look without news. Agents do not all look at once, and soon again where news cannot come.</summary>
    private TimeSpan Pause()
    {
        var longest = failures == 0 ? runtime.LookInterval : Min(runtime.LookInterval, runtime.PollInterval * Math.Pow(2, Math.Min(failures, 16)));
        var pause = longest * (0.9 + (0.2 * Random.Shared.NextDouble()));
        var now = DateTimeOffset.UtcNow;
        foreach (var one in unfinished.Values)
        {
            if (one.RetryAt > now) pause = Min(pause, one.RetryAt - now);
        }

        return pause;
    }

    private async Task TurnAsync(CancellationToken stopping)
    {
        if (known is null || Next(known) is not { } message) return;
        if (IsBusy)
        {
            // A write that an earlier turn did not wait for.
            LookIn(runtime.PollInterval);
            return;
        }

        // Entered before the turn begins: beginning it acknowledges the halts that cover the agent.
        using var work = gate.Enter(message, stopping);
        var next = runtime.PollInterval;
        inTurn = true;
        try
        {
            var inbox = known = await journal.FetchInboxAsync(stopping);
            gate.Learn(inbox);
            if (work.IsHalted || !IsOpen(inbox, message)) return;
            foreach (var briefing in inbox.Briefing.Where(one => one.Required == true)) await journal.AcknowledgeHaltAsync(briefing.HaltId, stopping);
            if (await TakeAsync(message, inbox, work, stopping)) next = TimeSpan.Zero;
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            LogNoInbox(runtime.Log, handle, error);
        }
        finally
        {
            inTurn = false;
            if (!stopping.IsCancellationRequested) LookIn(next);
        }
    }

    /// <returns>False: the message comes again.</returns>
    private async Task<bool> TakeAsync(MessageView message, InboxView inbox, OpenWork work, CancellationToken stopping)
    {
        var before = unfinished.GetValueOrDefault(message.Id);
        var attempt = (before?.Attempts ?? 0) + 1;
        var keys = new TurnKeys(message.Id, runtime.KeyOf);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var turn = new AgentTurn(message, inbox, work, runtime.ClientOf(handle, keys.For, ends.Token), attempt);
        try
        {
            await onMessage(message, turn);
            if (!work.IsHalted && await SettleAsync(turn, stopping))
            {
                unfinished.Remove(message.Id);
                return true;
            }

            Keep(TimeSpan.Zero);
        }
        catch (Exception) when (work.IsHalted || stopping.IsCancellationRequested)
        {
            Keep(TimeSpan.Zero);
        }
        catch (Exception error)
        {
            var delay = runtime.PollInterval * Math.Pow(2, Math.Min(attempt, 16));
            LogFailed(runtime.Log, handle, message.Id, attempt, error);
            Keep(Min(delay, MaxRetryDelay));
        }
        finally
        {
            await ends.CancelAsync();
        }

        return false;

        void Keep(TimeSpan delay) => unfinished[message.Id] =
            new Unfinished(message, attempt, DateTimeOffset.UtcNow + delay, keys.Any || before?.HasActed == true);
    }

    /// <summary>Acknowledges the message, if the turn's commands have not settled it.</summary>
    /// <returns>False: a halt covers the work now.</returns>
    /// <exception cref="InvalidOperationException">The journal refuses it.</exception>
    private async Task<bool> SettleAsync(AgentTurn turn, CancellationToken stopping)
    {
        var refusal = (await turn.AcknowledgeAsync()).Refusal;
        if (refusal?.Rule is Rules.TurnEnded)
        {
            // Closing an ATP has ended the turn of the journal.
            await journal.FetchInboxAsync(stopping);
            refusal = (await turn.AcknowledgeAsync()).Refusal;
        }

        return refusal?.Rule switch
        {
            null or Rules.MessageAcked => true,
            Rules.Halted => false,
            _ => throw new InvalidOperationException($"{turn.Message.Id} cannot be acknowledged: {refusal.Rule}: {refusal.Sentence}"),
        };
    }

    /// <summary>The next message to give: those that wait by their order, then those that the journal has settled and the agent has not finished.</summary>
    private MessageView? Next(InboxView inbox)
    {
        var open = inbox.Messages.Select(message => message.Id).ToHashSet();
        foreach (var id in unfinished.Where(one => !one.Value.HasActed && !open.Contains(one.Key)).Select(one => one.Key).ToList()) unfinished.Remove(id);
        var now = DateTimeOffset.UtcNow;
        return inbox.Messages.Where(message => !(unfinished.GetValueOrDefault(message.Id)?.RetryAt > now))
            .Concat(unfinished.Values.Where(one => one.RetryAt <= now && !open.Contains(one.Message.Id)).Select(one => one.Message))
            .FirstOrDefault(message => !WorkGate.Covers(inbox, message));
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task RemoveAsync(Task deactivated)
    {
        await deactivated.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        runtime.News.Remove(handle, this);
    }

    private bool IsOpen(InboxView inbox, MessageView message) =>
        inbox.Messages.Any(one => one.Id == message.Id) || unfinished.GetValueOrDefault(message.Id)?.HasActed == true;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Agent} failed on {Message}, attempt {Attempt}; the message comes again")]
    private static partial void LogFailed(ILogger log, string agent, string message, int attempt, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The inbox of {Agent} cannot be read")]
    private static partial void LogNoInbox(ILogger log, string agent, Exception error);
}
