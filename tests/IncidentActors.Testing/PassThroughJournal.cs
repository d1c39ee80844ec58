using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Testing;

/// <summary>A journal that passes every call on. What a test wants to see, delay or break, it overrides.</summary>
public abstract class PassThroughJournal(IJournal inner) : IJournal
{
    public string Description => inner.Description;
    public int Lanes => inner.Lanes;

    protected IJournal Inner => inner;

    public virtual Task OpenAsync(CancellationToken cancel) => inner.OpenAsync(cancel);

    public virtual Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel) =>
        inner.CommitAsync(turns, cancel);

    public virtual Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel) => inner.LoadAsync(actor, cancel);

    public virtual Task<ActorPage> ListAsync(ActorFilter filter, CancellationToken cancel) => inner.ListAsync(filter, cancel);

    public virtual Task<IReadOnlyList<StoredEvent>> HistoryAsync(ActorId actor, long afterVersion, int limit, CancellationToken cancel) =>
        inner.HistoryAsync(actor, afterVersion, limit, cancel);

    public virtual Task<FeedPage> FeedAsync(string? after, int limit, string? incident, CancellationToken cancel) =>
        inner.FeedAsync(after, limit, incident, cancel);

    public virtual Task<string> FeedEndAsync(CancellationToken cancel) => inner.FeedEndAsync(cancel);

    public virtual Task<StoredAnswer?> AnswerAsync(string key, CancellationToken cancel) => inner.AnswerAsync(key, cancel);

    public virtual Task<ActorId?> HolderAsync(string claim, CancellationToken cancel) => inner.HolderAsync(claim, cancel);

    public virtual Task<IReadOnlyList<StoredMessage>> InboxAsync(string handle, int limit, CancellationToken cancel) =>
        inner.InboxAsync(handle, limit, cancel);

    public virtual Task<StoredMessage?> MessageAsync(string id, CancellationToken cancel) => inner.MessageAsync(id, cancel);

    public virtual Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel) =>
        inner.HaltsAsync(liftedAfter, cancel);

    public virtual Task<IReadOnlyList<DueEffect>> TakeDueAsync(
        string node, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancel) =>
        inner.TakeDueAsync(node, now, lease, limit, cancel);

    public virtual Task HoldAsync(
        string effectId, string leaseToken, DateTimeOffset due, DateTimeOffset counted, CancellationToken cancel) =>
        inner.HoldAsync(effectId, leaseToken, due, counted, cancel);

    public virtual Task ParkAsync(string effectId, string leaseToken, string haltId, CancellationToken cancel) =>
        inner.ParkAsync(effectId, leaseToken, haltId, cancel);

    public virtual Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel) => inner.NextDueAsync(cancel);

    public virtual Task<DueEffect?> EffectAsync(string effectId, CancellationToken cancel) => inner.EffectAsync(effectId, cancel);

    public virtual Task PingAsync(CancellationToken cancel) => inner.PingAsync(cancel);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return inner.DisposeAsync();
    }
}
