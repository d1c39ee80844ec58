using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Storage.Postgres;

public sealed partial class PostgresStore
{
    public async Task<JournalFigures> FiguresAsync(DateTimeOffset now, CancellationToken cancel)
    {
        const string Open = "select kind, rank, count(*) from actors where kind in ('incident', 'atp', 'approval') and open group by kind, rank";

        // Leases end within minutes and parked effects never do, so the bound on "ready" leaves the parked ones out by the index.
        const string Due = "select count(*), min(due) from effects where ready <= $2 and due <= $1";
        const string Unread = "select priority, count(*), min(sent_at) from messages where acked_at is null group by priority";
        var open = await ReadAsync(Open, static row => (Kind: row.GetString(0), Rank: row.GetInt32(1), Count: row.GetInt64(2)), cancel);
        var due = (await ReadAsync(
            Due, static row => (Count: row.GetInt64(0), Oldest: row.IsDBNull(1) ? (DateTimeOffset?)null : JournalJson.Time(row.GetInt64(1))), cancel,
            JournalJson.Ticks(now), JournalJson.Ticks(now + JournalJson.MaxLease)))[0];
        var unread = await ReadAsync(
            Unread, static row => (Priority: row.GetInt32(0), Count: row.GetInt64(1), Oldest: JournalJson.Time(row.GetInt64(2))), cancel);
        return JournalJson.Figures(open, due.Count, due.Oldest, unread);
    }
}
