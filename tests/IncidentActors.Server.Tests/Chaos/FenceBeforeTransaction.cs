using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>The planted bug: looks at the active halts, and commits afterwards what was not covered then.</summary>
internal sealed class FenceBeforeTransaction(IJournal inner) : IJournal
{
    public string Description => inner.Description;
    public int Lanes => inner.Lanes;

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
    {
        var halts = await inner.HaltsAsync(null, cancel);
        var results = new CommitResult[turns.Count];
        var passed = new List<int>();
        for (var i = 0; i < turns.Count; i++)
        {
            var covering = turns[i].Subject is { } subject ? halts.FirstOrDefault(halt => halt.Covers(subject)) : null;
            if (covering is null) passed.Add(i);
            else results[i] = new Fenced(covering);
        }

        var committed = await inner.CommitAsync([.. passed.Select(i => turns[i] with { Subject = null })], cancel);
        for (var i = 0; i < passed.Count; i++) results[passed[i]] = committed[i];
        return results;
    }

    public Task OpenAsync(CancellationToken cancel) => inner.OpenAsync(cancel);
    public Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel) => inner.LoadAsync(actor, cancel);
    public Task<ActorPage> ListAsync(ActorFilter filter, CancellationToken cancel) => inner.ListAsync(filter, cancel);
    public Task<IReadOnlyList<StoredEvent>> HistoryAsync(ActorId actor, long afterVersion, int limit, CancellationToken cancel) => inner.HistoryAsync(actor, afterVersion, limit, cancel);
    public Task<FeedPage> FeedAsync(string? after, int limit, string? incident, CancellationToken cancel) => inner.FeedAsync(after, limit, incident, cancel);
    public Task<string> FeedEndAsync(CancellationToken cancel) => inner.FeedEndAsync(cancel);
    public Task<StoredAnswer?> AnswerAsync(string key, CancellationToken cancel) => inner.AnswerAsync(key, cancel);
    public Task<ActorId?> HolderAsync(string claim, CancellationToken cancel) => inner.HolderAsync(claim, cancel);
    public Task<IReadOnlyList<StoredMessage>> InboxAsync(string handle, int limit, CancellationToken cancel) => inner.InboxAsync(handle, limit, cancel);
    public Task<StoredMessage?> MessageAsync(string id, CancellationToken cancel) => inner.MessageAsync(id, cancel);
    public Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel) => inner.HaltsAsync(liftedAfter, cancel);
    public Task<IReadOnlyList<DueEffect>> TakeDueAsync(string node, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancel) => inner.TakeDueAsync(node, now, lease, limit, cancel);
    public Task HoldAsync(string effectId, string leaseToken, DateTimeOffset due, DateTimeOffset counted, CancellationToken cancel) => inner.HoldAsync(effectId, leaseToken, due, counted, cancel);
    public Task ParkAsync(string effectId, string leaseToken, string haltId, CancellationToken cancel) => inner.ParkAsync(effectId, leaseToken, haltId, cancel);
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel) => inner.NextDueAsync(cancel);
    public Task<DueEffect?> EffectAsync(string effectId, CancellationToken cancel) => inner.EffectAsync(effectId, cancel);
    public Task PingAsync(CancellationToken cancel) => inner.PingAsync(cancel);
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
