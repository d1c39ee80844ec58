using System.Collections.Concurrent;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Orleans.Tests;

/// <summary>A journal that also knows which effects some silo works on, so that a test can wait until nobody does.</summary>
/// <param name="journal">One node's journal.</param>
/// <param name="inWork">Effects in work on any node.</param>
internal sealed class EffectWatch(IJournal journal, ConcurrentDictionary<string, byte> inWork) : IJournal, IJournalSignals
{
    public event Action<JournalSignal>? Signaled
    {
        add => ((IJournalSignals)journal).Signaled += value;
        remove => ((IJournalSignals)journal).Signaled -= value;
    }

    /// <summary>Awaited before each commit: lets a test keep turns in flight.</summary>
    public Func<Task> BeforeCommit { get; set; } = () => Task.CompletedTask;

    /// <summary>Awaited before each load of an actor: lets a test break the store.</summary>
    public Func<Task> BeforeLoad { get; set; } = () => Task.CompletedTask;

    public string Description => journal.Description;
    public int Lanes => journal.Lanes;

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
    {
        await BeforeCommit();
        foreach (var effect in turns.SelectMany(turn => turn.Effects).Where(effect => effect.LeaseToken is not null)) inWork[effect.Id] = 0;
        var results = await journal.CommitAsync(turns, cancel);
        for (var i = 0; i < turns.Count; i++)
        {
            if (results[i] is not Committed) Forget(turns[i].Effects.Select(effect => effect.Id));
            if (turns[i].Consumes is { } consumed && (results[i] is Committed or AlreadyConsumed)) Forget([consumed.EffectId]);
        }

        return results;
    }

    public async Task<IReadOnlyList<DueEffect>> TakeDueAsync(string node, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancel)
    {
        // Taking counts as work too: between the store's answer and this line nobody else knows of the effects.
        inWork[node] = 0;
        try
        {
            var taken = await journal.TakeDueAsync(node, now, lease, limit, cancel);
            foreach (var effect in taken) inWork[effect.Id] = 0;
            return taken;
        }
        finally
        {
            inWork.TryRemove(node, out _);
        }
    }

    public async Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel)
    {
        await BeforeLoad();
        return await journal.LoadAsync(actor, cancel);
    }

    public async Task HoldAsync(string effectId, string leaseToken, DateTimeOffset due, DateTimeOffset counted, CancellationToken cancel)
    {
        await journal.HoldAsync(effectId, leaseToken, due, counted, cancel);
        Forget([effectId]);
    }

    public async Task ParkAsync(string effectId, string leaseToken, string haltId, CancellationToken cancel)
    {
        await journal.ParkAsync(effectId, leaseToken, haltId, cancel);
        Forget([effectId]);
    }

    public Task OpenAsync(CancellationToken cancel) => journal.OpenAsync(cancel);
    public Task<ActorPage> ListAsync(ActorFilter filter, CancellationToken cancel) => journal.ListAsync(filter, cancel);
    public Task<IReadOnlyList<StoredEvent>> HistoryAsync(ActorId actor, long afterVersion, int limit, CancellationToken cancel) => journal.HistoryAsync(actor, afterVersion, limit, cancel);
    public Task<FeedPage> FeedAsync(string? after, int limit, string? incident, CancellationToken cancel) => journal.FeedAsync(after, limit, incident, cancel);
    public Task<string> FeedEndAsync(CancellationToken cancel) => journal.FeedEndAsync(cancel);
    public Task<StoredAnswer?> AnswerAsync(string key, CancellationToken cancel) => journal.AnswerAsync(key, cancel);
    public Task<ActorId?> HolderAsync(string claim, CancellationToken cancel) => journal.HolderAsync(claim, cancel);
    public Task<IReadOnlyList<StoredMessage>> InboxAsync(string handle, int limit, CancellationToken cancel) => journal.InboxAsync(handle, limit, cancel);
    public Task<StoredMessage?> MessageAsync(string id, CancellationToken cancel) => journal.MessageAsync(id, cancel);
    public Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel) => journal.HaltsAsync(liftedAfter, cancel);
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel) => journal.NextDueAsync(cancel);
    public Task<DueEffect?> EffectAsync(string effectId, CancellationToken cancel) => journal.EffectAsync(effectId, cancel);
    public Task PingAsync(CancellationToken cancel) => journal.PingAsync(cancel);
    public ValueTask DisposeAsync() => journal.DisposeAsync();

    private void Forget(IEnumerable<string> effects)
    {
        foreach (var effect in effects) inWork.TryRemove(effect, out _);
    }
}
