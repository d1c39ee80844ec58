using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

/// <summary>Reads take microseconds, so they are done where they are asked.</summary>
public sealed partial class SqliteStore
{
    public Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel) => Task.FromResult(Read(link => Rows.First(
        link[$"select {Rows.ActorColumns} from actors where kind = ? and key = ?"].Bind(1, ActorId.KindName(actor.Kind)).Bind(2, actor.Key),
        Rows.Actor)));

    public Task<ActorPage> ListAsync(ActorFilter filter, CancellationToken cancel) =>
        Task.FromResult(Read(link => Listing.Page(link, filter)));

    public Task<IReadOnlyList<StoredEvent>> HistoryAsync(ActorId actor, long afterVersion, int limit, CancellationToken cancel)
    {
        const string Sql =
            $"""
            select {Rows.EventColumns} from actors a join events e on e.actor = a.no
            where a.kind = ? and a.key = ? and e.version > ? order by e.version limit ?
            """;
        return Task.FromResult<IReadOnlyList<StoredEvent>>(Read(link => Rows.All(
            link[Sql].Bind(1, ActorId.KindName(actor.Kind)).Bind(2, actor.Key).Bind(3, afterVersion).Bind(4, limit), Rows.Event)));
    }

    public Task<FeedPage> FeedAsync(string? after, int limit, string? incident, CancellationToken cancel)
    {
        const string Everybody =
            $"select {Rows.EventColumns} from events e join actors a on a.no = e.actor where e.position > ? order by e.position limit ?";
        const string Incident =
            $"""
            select {Rows.EventColumns} from events e join actors a on a.no = e.actor
            where e.incident = ?3 and e.position > ?1 order by e.position limit ?2
            """;
        var from = FeedCursor.Parse(after);
        var events = Read(link =>
        {
            // Not 0: who puts a row before the first one shall be seen.
            var rows = link[incident is null ? Everybody : Incident].Bind(1, after is null ? long.MinValue : from.Position).Bind(2, limit);
            return Rows.All(incident is null ? rows : rows.Bind(3, incident), Rows.Event);
        });
        return Task.FromResult(new FeedPage([.. events], events.Count > 0 ? events[^1].Cursor : from.ToString()));
    }

    public Task<FeedPage> LatestAsync(string? before, int limit, CancellationToken cancel)
    {
        const string Sql =
            $"select {Rows.EventColumns} from events e join actors a on a.no = e.actor where e.position < ? order by e.position desc limit ?";
        var from = before is null ? new FeedCursor(0, long.MaxValue) : FeedCursor.Parse(before);
        var events = Read(link => Rows.All(link[Sql].Bind(1, from.Position).Bind(2, limit), Rows.Event));
        return Task.FromResult(new FeedPage([.. events], events.Count > 0 ? events[^1].Cursor : from.ToString()));
    }

    public Task<string> FeedEndAsync(CancellationToken cancel) =>
        Task.FromResult(new FeedCursor(0, Read(static link => link.Number("select max(position) from events") ?? 0)).ToString());

    public Task<StoredAnswer?> AnswerAsync(string key, CancellationToken cancel) =>
        Task.FromResult(Read(link => TurnWriter.Answer(link["select request_hash, json from answers where key = ?"], key)));

    public Task<ActorId?> HolderAsync(string claim, CancellationToken cancel) =>
        Task.FromResult(Read(link => TurnWriter.Holder(link["select holder from claims where name = ?"], claim)));

    public Task<IReadOnlyDictionary<string, ActorId>> HoldersAsync(IReadOnlyCollection<string> claims, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<string, ActorId>>(Read(link =>
        {
            var holders = new Dictionary<string, ActorId>(StringComparer.Ordinal);
            foreach (var claim in claims)
            {
                if (TurnWriter.Holder(link["select holder from claims where name = ?"], claim) is { } holder) holders[claim] = holder;
            }

            return holders;
        }));

    public Task<IReadOnlyList<StoredMessage>> InboxAsync(string handle, int limit, CancellationToken cancel)
    {
        const string Sql =
            $"""
            select {Rows.MessageColumns} from (
              select * from messages where recipient = ? and acked_at is null
              order by priority, case when priority = 0 then -no end, sent_at, no limit ?)
            order by priority, sent_at, no
            """;
        return Task.FromResult<IReadOnlyList<StoredMessage>>(
            Read(link => Rows.All(link[Sql].Bind(1, handle).Bind(2, limit), Rows.Message)));
    }

    public Task<StoredMessage?> MessageAsync(string id, CancellationToken cancel) =>
        Task.FromResult(Read(link =>
            Rows.First(link[$"select {Rows.MessageColumns} from messages where id = ?"].Bind(1, id), Rows.Message)));

    public Task<long> HaltEpochAsync(CancellationToken cancel) =>
        Task.FromResult(Read(static link => link.Number("select epoch from fence")) ?? 0);

    public Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel)
    {
        const string Active = "select document, raised_at, no from halts where lifted_at is null";
        const string Order = " order by raised_at, no";
        const string WithLifted = $"{Active} union all select document, raised_at, no from halts where lifted_at > ?{Order}";
        return Task.FromResult(Read(link =>
            Rows.Halts(liftedAfter is { } time ? link[WithLifted].Bind(1, JournalJson.Ticks(time)) : link[Active + Order])));
    }

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel) => Task.FromResult(
        Read(static link => link.Number("select min(ready) from effects")) is { } ticks ? JournalJson.Time(ticks) : (DateTimeOffset?)null);

    public Task<DueEffect?> EffectAsync(string effectId, CancellationToken cancel) =>
        Task.FromResult(Read(link =>
            Rows.First(link[$"select {Rows.EffectColumns} from effects where id = ?"].Bind(1, effectId), Rows.Effect)));
}
