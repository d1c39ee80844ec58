using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Storage.Sqlite;

/// <summary>The active halts as of the epoch that the running transaction sees.</summary>
internal sealed class HaltCache(Link link)
{
    private IReadOnlyList<HaltRecord> active = [];
    private long epoch = -1;

    public long Epoch => epoch;

    /// <summary>To be called first in every transaction.</summary>
    public void Refresh()
    {
        var now = link.Number("select epoch from fence") ?? 0;
        if (now == epoch) return;
        active = Rows.Halts(link["select document from halts where lifted_at is null order by no"]);
        epoch = now;
    }

    public HaltRecord? Covering(Subject subject)
    {
        foreach (var halt in active)
        {
            if (halt.Covers(subject)) return halt;
        }

        return null;
    }

    /// <summary>Writes a halt as raised or lifted; what is judged afterwards meets it.</summary>
    public void Write(HaltRecord halt)
    {
        const string Sql =
            """
            insert into halts (id, raised_at, lifted_at, document) values (?, ?, ?, ?)
            on conflict (id) do update set lifted_at = excluded.lifted_at, document = excluded.document
            """;
        link[Sql]
            .Bind(1, halt.Id).Bind(2, JournalJson.Ticks(halt.RaisedAt))
            .Bind(3, halt.LiftedAt is { } lifted ? JournalJson.Ticks(lifted) : (long?)null).Bind(4, JournalJson.Of(halt))
            .Execute();
        link["update fence set epoch = epoch + 1"].Execute();
        Refresh();
    }

    /// <summary>After a rollback: what was cached may never have been.</summary>
    public void Forget() => epoch = -1;
}
