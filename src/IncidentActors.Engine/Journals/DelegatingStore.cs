using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Records;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Engine.Journals;

/// <summary>A store that passes every call on. A decorator overrides the members that it observes or changes.</summary>
public abstract class DelegatingStore(IStore inner) : IStore
{
    protected IStore Inner => inner;

    public virtual event Action<JournalSignal>? Signaled
    {
        add => inner.Signaled += value;
        remove => inner.Signaled -= value;
    }

    public virtual string Description => inner.Description;

    public virtual string SystemName => inner.SystemName;

    public virtual int Lanes => inner.Lanes;

    public virtual Task OpenAsync(CancellationToken cancel) => inner.OpenAsync(cancel);

    public virtual Task PingAsync(CancellationToken cancel) => inner.PingAsync(cancel);

    public virtual Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel) =>
        inner.CommitAsync(turns, cancel);

    public virtual Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel) => inner.LoadAsync(actor, cancel);

    public virtual Task<ActorPage> ListAsync(ActorFilter filter, CancellationToken cancel) => inner.ListAsync(filter, cancel);

    public virtual Task<IReadOnlyList<OpenCount>> CountOpenAsync(ActorKind kind, CancellationToken cancel) => inner.CountOpenAsync(kind, cancel);

    public virtual Task<IReadOnlyList<StoredEvent>> HistoryAsync(ActorId actor, long afterVersion, int limit, CancellationToken cancel) =>
        inner.HistoryAsync(actor, afterVersion, limit, cancel);

    public virtual Task<FeedPage> LatestAsync(string? before, int limit, CancellationToken cancel) => inner.LatestAsync(before, limit, cancel);
    public virtual Task<FeedPage> FeedAsync(string? after, int limit, string? incident, CancellationToken cancel) =>
        inner.FeedAsync(after, limit, incident, cancel);

    public virtual Task<string> FeedEndAsync(CancellationToken cancel) => inner.FeedEndAsync(cancel);

    public virtual Task<StoredAnswer?> AnswerAsync(string key, CancellationToken cancel) => inner.AnswerAsync(key, cancel);

    public virtual Task<ActorId?> HolderAsync(string claim, CancellationToken cancel) => inner.HolderAsync(claim, cancel);

    public virtual Task<IReadOnlyDictionary<string, ActorId>> HoldersAsync(IReadOnlyCollection<string> claims, CancellationToken cancel) =>
        inner.HoldersAsync(claims, cancel);

    public virtual Task<IReadOnlyList<StoredMessage>> InboxAsync(string handle, int limit, CancellationToken cancel) =>
        inner.InboxAsync(handle, limit, cancel);

    public virtual Task<StoredMessage?> MessageAsync(string id, CancellationToken cancel) => inner.MessageAsync(id, cancel);

    public virtual Task<long> HaltEpochAsync(CancellationToken cancel) => inner.HaltEpochAsync(cancel);

    public virtual Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel) =>
        inner.HaltsAsync(liftedAfter, cancel);

    public virtual Task<IReadOnlyList<KnowledgeHit>> SearchAsync(ImmutableArray<string> words, int limit, CancellationToken cancel) =>
        inner.SearchAsync(words, limit, cancel);

    public virtual Task<JournalFigures> FiguresAsync(DateTimeOffset now, CancellationToken cancel) => inner.FiguresAsync(now, cancel);

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

    public virtual Task<StoredRecord?> FindAsync(string kind, string key, CancellationToken cancel) => inner.FindAsync(kind, key, cancel);

    public virtual Task<IReadOnlyList<StoredRecord>> ListAsync(string kind, string prefix, string? after, int limit, CancellationToken cancel) =>
        inner.ListAsync(kind, prefix, after, limit, cancel);

    public virtual Task<bool> WriteAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel) => inner.WriteAsync(writes, cancel);

    public virtual IAsyncEnumerable<JournalLine> ReadAllAsync(CancellationToken cancel) => inner.ReadAllAsync(cancel);

    public virtual Task WriteAllAsync(IAsyncEnumerable<JournalLine> lines, CancellationToken cancel) => inner.WriteAllAsync(lines, cancel);

    public virtual Task<int> ForgetAnswersAsync(DateTimeOffset before, int limit, CancellationToken cancel) =>
        inner.ForgetAnswersAsync(before, limit, cancel);

    public virtual Task<IReadOnlyList<string>> StrayColumnsAsync(CancellationToken cancel) => inner.StrayColumnsAsync(cancel);

    public virtual Task<IReadOnlyList<EndedSession>> EndStalledSessionsAsync(CancellationToken cancel) => inner.EndStalledSessionsAsync(cancel);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return inner.DisposeAsync();
    }
}
