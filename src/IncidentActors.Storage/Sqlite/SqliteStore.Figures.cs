using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Storage.Sqlite;

public sealed partial class SqliteStore
{
    public Task<JournalFigures> FiguresAsync(DateTimeOffset now, CancellationToken cancel)
    {
        const string Open = "select kind, rank, count(*) from actors where kind in ('incident', 'atp', 'approval') and open = 1 group by kind, rank";

        // Leases end within minutes and parked effects never do, so the bound on "ready" leaves the parked ones out by the index.
        const string Due = "select count(*), min(due) from effects where ready <= ?2 and due <= ?1";
        const string Unread = "select priority, count(*), min(sent_at) from messages where acked_at is null group by priority";
        return Task.FromResult(Read(link =>
        {
            var open = Rows.All(link[Open], static row => (Kind: row.Text(0), Rank: (int)row.Number(1), Count: row.Number(2)));
            var due = Rows.All(
                link[Due].Bind(1, JournalJson.Ticks(now)).Bind(2, JournalJson.Ticks(now + JournalJson.MaxLease)),
                static row => (Count: row.Number(0), Oldest: row.IsNull(1) ? (DateTimeOffset?)null : JournalJson.Time(row.Number(1))))[0];
            var unread = Rows.All(link[Unread], static row => (Priority: (int)row.Number(0), Count: row.Number(1), Oldest: JournalJson.Time(row.Number(2))));
            return JournalJson.Figures(open, due.Count, due.Oldest, unread);
        }));
    }
}
