using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>One node's way to the ledger: slow, lossy, sometimes cut, and gone when the node is.</summary>
internal class NodeJournal : DelegatingStore
{
    private readonly Ledger ledger;
    private readonly Scheduler scheduler;
    private readonly Random random;
    private readonly TaskCompletionSource never = new();

    public NodeJournal(string node, Ledger ledger, Scheduler scheduler, Random random, Faults faults)
        : base(ledger.Store)
    {
        (Node, this.ledger, this.scheduler, this.random, Faults) = (node, ledger, scheduler, random, faults);
        ledger.Store.Signaled += OnSignal;
    }

    public override event Action<JournalSignal>? Signaled;

    /// <summary>The node crashes: what it was doing is never answered.</summary>
    public event Action? Crashing;

    public string Node { get; }
    public Faults Faults { get; set; }
    public bool Dead { get; set; }
    public bool Unreachable { get; set; }
    public DateTimeOffset StalledUntil { get; set; }
    public override string Description => "simulated";

    protected Ledger Ledger => ledger;

    public override async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
    {
        await GoAsync();
        if (random.NextDouble() < Faults.CommitLost) throw new JournalUnavailableException("the commit did not arrive", notApplied: random.Next(2) == 0);
        await CrashAsync(Faults.CrashBeforeCommit);
        var results = await ApplyAsync(turns);
        await CrashAsync(Faults.CrashAfterCommit);
        if (random.NextDouble() < Faults.AnswerLost) throw new JournalUnavailableException("the answer did not arrive", notApplied: false);
        await ReturnAsync();
        return results;
    }

    public override async Task<IReadOnlyList<DueEffect>> TakeDueAsync(string node, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancel)
    {
        var due = await AskAsync(store => store.TakeDueAsync(node, now, lease, limit, cancel));
        var delivered = new List<DueEffect>();
        foreach (var effect in due)
        {
            if (random.NextDouble() >= Faults.DeliveryLost) delivered.Add(effect);
            if (random.NextDouble() < Faults.DeliveryRepeated) delivered.Add(effect);
        }

        return delivered;
    }

    public override Task OpenAsync(CancellationToken cancel) => Task.CompletedTask;
    public override Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel) => AskAsync(store => store.LoadAsync(actor, cancel));
    public override Task<ActorPage> ListAsync(ActorFilter filter, CancellationToken cancel) => AskAsync(store => store.ListAsync(filter, cancel));
    public override Task<IReadOnlyList<StoredEvent>> HistoryAsync(ActorId actor, long afterVersion, int limit, CancellationToken cancel) =>
        AskAsync(store => store.HistoryAsync(actor, afterVersion, limit, cancel));
    public override Task<FeedPage> FeedAsync(string? after, int limit, string? incident, CancellationToken cancel) =>
        AskAsync(store => store.FeedAsync(after, limit, incident, cancel));
    public override Task<string> FeedEndAsync(CancellationToken cancel) => AskAsync(store => store.FeedEndAsync(cancel));
    public override Task<StoredAnswer?> AnswerAsync(string key, CancellationToken cancel) => AskAsync(store => store.AnswerAsync(key, cancel));
    public override Task<ActorId?> HolderAsync(string claim, CancellationToken cancel) => AskAsync(store => store.HolderAsync(claim, cancel));
    public override Task<IReadOnlyDictionary<string, ActorId>> HoldersAsync(IReadOnlyCollection<string> claims, CancellationToken cancel) =>
        AskAsync(store => store.HoldersAsync(claims, cancel));
    public override Task<IReadOnlyList<StoredMessage>> InboxAsync(string handle, int limit, CancellationToken cancel) =>
        AskAsync(store => store.InboxAsync(handle, limit, cancel));
    public override Task<StoredMessage?> MessageAsync(string id, CancellationToken cancel) => AskAsync(store => store.MessageAsync(id, cancel));
    public override Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel) =>
        AskAsync(store => store.HaltsAsync(liftedAfter, cancel));
    public override Task HoldAsync(string effectId, string leaseToken, DateTimeOffset due, DateTimeOffset counted, CancellationToken cancel) =>
        AskAsync(store => Done(store.HoldAsync(effectId, leaseToken, due, counted, cancel)));
    public override Task ParkAsync(string effectId, string leaseToken, string haltId, CancellationToken cancel) =>
        AskAsync(store => Done(store.ParkAsync(effectId, leaseToken, haltId, cancel)));
    public override Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel) => AskAsync(store => store.NextDueAsync(cancel));
    public override Task<DueEffect?> EffectAsync(string effectId, CancellationToken cancel) => AskAsync(store => store.EffectAsync(effectId, cancel));
    public override Task PingAsync(CancellationToken cancel) => AskAsync(store => Done(store.PingAsync(cancel)));
    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }


    /// <summary>The commit itself, in the middle of all faults.</summary>
    protected virtual Task<IReadOnlyList<CommitResult>> ApplyAsync(IReadOnlyList<TurnRecord> turns) => Task.FromResult(ledger.Commit(turns, Node));

    /// <summary>On the way: late, stalled, cut off, or for ever.</summary>
    protected async Task GoAsync()
    {
        if (random.NextDouble() < Faults.Late) await scheduler.PassAsync(TimeSpan.FromMilliseconds(random.Next(1, Faults.MaxLateMilliseconds)));
        while (scheduler.Now < StalledUntil) await scheduler.PassAsync(StalledUntil - scheduler.Now);
        if (Dead) await never.Task;
        if (Unreachable) throw new JournalUnavailableException("the store cannot be reached", notApplied: true);
    }

    private async Task<T> AskAsync<T>(Func<IStore, Task<T>> ask)
    {
        await GoAsync();
        var answer = await ask(ledger.Store);
        await ReturnAsync();
        return answer;
    }

    private async Task ReturnAsync()
    {
        if (random.NextDouble() < Faults.Late) await scheduler.PassAsync(TimeSpan.FromMilliseconds(random.Next(1, Faults.MaxLateMilliseconds)));
        while (scheduler.Now < StalledUntil) await scheduler.PassAsync(StalledUntil - scheduler.Now);
        if (Dead) await never.Task;
    }

    private async Task CrashAsync(double probability)
    {
        if (random.NextDouble() < probability) Crashing?.Invoke();
        if (Dead) await never.Task;
    }

    private void OnSignal(JournalSignal signal)
    {
        if (Dead || random.NextDouble() < Faults.SignalLost) return;
        for (var times = random.NextDouble() < Faults.DeliveryRepeated ? 2 : 1; times > 0; times--)
            scheduler.After(TimeSpan.FromMilliseconds(random.Next(Faults.MaxLateMilliseconds)), () => Tell(signal));
    }

    private void Tell(JournalSignal signal)
    {
        if (!Dead && scheduler.Now >= StalledUntil) Signaled?.Invoke(signal);
    }

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }
}
