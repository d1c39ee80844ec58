using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using Npgsql;
using NpgsqlTypes;

namespace IncidentActors.Storage.Postgres;

public sealed partial class PostgresStore
{
    /// <summary>Transactions below this one have all ended, and this statement sees them.</summary>
    private const string Settled = "(select era from fence) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint";

    public async Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel) =>
        (await ReadAsync($"select {Rows.ActorColumns} from actors where id = $1", Rows.Actor, cancel, actor.ToString())).FirstOrDefault();

    public async Task<ActorPage> ListAsync(ActorFilter filter, CancellationToken cancel)
    {
        filter = filter.Narrowed();
        var found = new List<(StoredActor Actor, long Born)>();
        foreach (var part in PagePart.Of(filter))
        {
            if (found.Count > filter.Limit) break;
            var (sql, values) = Listing.Query(filter, part, filter.Limit + 1 - found.Count);
            found.AddRange(await ReadAsync(sql, static row => (Actor: Rows.Actor(row), Born: row.GetInt64(9)), cancel, values));
        }

        if (found.Count <= filter.Limit) return new ActorPage([.. found.Select(one => one.Actor)], null);
        var last = found[filter.Limit - 1];
        return new ActorPage(
            [.. found.Take(filter.Limit).Select(one => one.Actor)], new PageCursor(last.Actor.Index.Rank, last.Born).ToString());
    }

    public async Task<IReadOnlyList<StoredEvent>> HistoryAsync(ActorId actor, long afterVersion, int limit, CancellationToken cancel) =>
        await ReadAsync(
            $"select {Rows.EventColumns} from events where actor = $1 and version > $2 order by version limit $3",
            Rows.Event, cancel, actor.ToString(), afterVersion, (long)limit);

    public async Task<FeedPage> FeedAsync(string? after, int limit, string? incident, CancellationToken cancel)
    {
        const string Everybody =
            $"""
            select {Rows.EventColumns} from events
            where (tx, position) > ($1, $2) and tx < {Settled} order by tx, position limit $3
            """;
        const string Incident =
            $"""
            select {Rows.EventColumns} from events
            where incident = $4 and (tx, position) > ($1, $2) and tx < {Settled} order by tx, position limit $3
            """;
        var from = FeedCursor.Parse(after);

        // Not 0: who puts a row before the first one shall be seen.
        var transaction = after is null ? long.MinValue : from.Transaction;
        var events = incident is null
            ? await ReadAsync(Everybody, Rows.Event, cancel, transaction, from.Position, (long)limit)
            : await ReadAsync(Incident, Rows.Event, cancel, transaction, from.Position, (long)limit, incident);
        return new FeedPage([.. events], events.Count > 0 ? events[^1].Cursor : from.ToString());
    }

    public async Task<FeedPage> LatestAsync(string? before, int limit, CancellationToken cancel)
    {
        const string Sql =
            $"""
            select {Rows.EventColumns} from events
            where (tx, position) < ($1, $2) and tx < {Settled} order by tx desc, position desc limit $3
            """;
        var from = before is null ? new FeedCursor(long.MaxValue, long.MaxValue) : FeedCursor.Parse(before);
        var events = await ReadAsync(Sql, Rows.Event, cancel, from.Transaction, from.Position, (long)limit);
        return new FeedPage([.. events], events.Count > 0 ? events[^1].Cursor : from.ToString());
    }

    public async Task<string> FeedEndAsync(CancellationToken cancel)
    {
        const string Sql = $"select tx, position from events where tx < {Settled} order by tx desc, position desc limit 1";
        var last = await ReadAsync(Sql, static row => new FeedCursor(row.GetInt64(0), row.GetInt64(1)), cancel);
        return last.FirstOrDefault().ToString();
    }

    public async Task<StoredAnswer?> AnswerAsync(string key, CancellationToken cancel) =>
        (await ReadAsync(
            "select key, request_hash, json from answers where key = $1",
            static row => new StoredAnswer(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2)),
            cancel, key)).FirstOrDefault();

    public async Task<ActorId?> HolderAsync(string claim, CancellationToken cancel) =>
        (await ReadAsync(
            "select holder from claims where name = $1", static row => (ActorId?)ActorId.Parse(row.GetString(0)),
            cancel, claim)).FirstOrDefault();

    public async Task<IReadOnlyDictionary<string, ActorId>> HoldersAsync(IReadOnlyCollection<string> claims, CancellationToken cancel)
    {
        if (claims.Count == 0) return new Dictionary<string, ActorId>();
        var held = await ReadAsync(
            "select name, holder from claims where name = any($1)",
            static row => (Name: row.GetString(0), Holder: ActorId.Parse(row.GetString(1))), cancel, (object)claims.ToArray());
        return held.ToDictionary(static row => row.Name, static row => row.Holder, StringComparer.Ordinal);
    }

    public async Task<IReadOnlyList<StoredMessage>> InboxAsync(string handle, int limit, CancellationToken cancel)
    {
        const string Sql =
            $"""
            select {Rows.MessageColumns} from (
              select * from messages where recipient = $1 and acked_at is null
              order by priority, case when priority = 0 then -no end, sent_at, no limit $2) first
            order by priority, sent_at, no
            """;
        return await ReadAsync(Sql, Rows.Message, cancel, handle, (long)limit);
    }

    public async Task<StoredMessage?> MessageAsync(string id, CancellationToken cancel) =>
        (await ReadAsync($"select {Rows.MessageColumns} from messages where id = $1", Rows.Message, cancel, id)).FirstOrDefault();

    public async Task<long> HaltEpochAsync(CancellationToken cancel) =>
        (await ReadAsync("select epoch from fence", static row => row.GetInt64(0), cancel))[0];

    public async Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel)
    {
        const string Active = "select document, raised_at, no from halts where lifted_at is null";
        const string Order = " order by raised_at, no";
        const string WithLifted = $"{Active} union all select document, raised_at, no from halts where lifted_at > $1{Order}";
        return liftedAfter is { } time
            ? await ReadAsync(WithLifted, Halt, cancel, JournalJson.Ticks(time))
            : await ReadAsync(Active + Order, Halt, cancel);

        static HaltRecord Halt(NpgsqlDataReader row) => JournalJson.Halt(row.GetFieldValue<byte[]>(0));
    }

    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel) =>
        (await ReadAsync(
            "select ready from effects order by ready, no limit 1",
            static row => (DateTimeOffset?)JournalJson.Time(row.GetInt64(0)), cancel)).FirstOrDefault();

    public async Task<DueEffect?> EffectAsync(string effectId, CancellationToken cancel) =>
        (await ReadAsync($"select {Rows.EffectColumns} from effects where id = $1", Rows.Effect, cancel, effectId)).FirstOrDefault();

    private Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] values) =>
        GuardedAsync(async () =>
        {
            await using var command = source.CreateCommand(sql);
            foreach (var value in values) command.Parameters.Add(Parameter(value));
            await using var rows = await command.ExecuteReaderAsync(cancel);
            return await Rows.AllAsync(rows, read, cancel);
        });

    private static NpgsqlParameter Parameter(object value) => new()
    {
        Value = value,
        NpgsqlDbType = value switch
        {
            string => NpgsqlDbType.Text,
            long => NpgsqlDbType.Bigint,
            int => NpgsqlDbType.Integer,
            bool => NpgsqlDbType.Boolean,
            string[] => NpgsqlDbType.Array | NpgsqlDbType.Text,
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "No column has this type."),
        },
    };
}
