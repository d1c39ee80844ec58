using System.Text;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Journal.Sqlite;

/// <summary>Documents by their index columns. Only the conditions that are asked for stand in the statement, so that it finds its
/// index.</summary>
internal static class Listing
{
    public static ActorPage Page(Link link, ActorFilter filter)
    {
        var (rank, born) = PageCursor.Before(filter);
        var rows = link[Sql(filter)]
            .Bind(1, ActorId.KindName(filter.Kind)).Bind(2, rank).Bind(3, born).Bind(4, filter.Limit + 1L);
        var next = 5;
        if (filter.Open is { } open) rows.Bind(next++, open);
        if (filter.Rank is { } wanted) rows.Bind(next++, wanted);
        if (filter.Status is { } status) rows.Bind(next++, status);
        if (filter.Incident is { } incident) rows.Bind(next++, incident);
        if (filter.Owner is { } owner) rows.Bind(next++, owner);
        if (filter.Flow is { } flow) rows.Bind(next, flow);

        var found = Rows.All(rows, static row => (Actor: Rows.Actor(row), No: row.Number(10)));
        if (found.Count <= filter.Limit) return new ActorPage([.. found.Select(one => one.Actor)], null);
        var last = found[filter.Limit - 1];
        return new ActorPage(
            [.. found.Take(filter.Limit).Select(one => one.Actor)], new PageCursor(last.Actor.Index.Rank, last.No).ToString());
    }

    private static string Sql(ActorFilter filter)
    {
        var sql = new StringBuilder($"select {Rows.ActorColumns} from actors where kind = ?1");
        var next = 5;
        if (filter.Open is not null) sql.Append($" and open = ?{next++}");
        if (filter.Rank is not null) sql.Append($" and rank = ?{next++}");
        if (filter.Status is not null) sql.Append($" and status = ?{next++}");
        if (filter.Incident is not null) sql.Append($" and incident = ?{next++}");
        if (filter.Owner is not null) sql.Append($" and owner = ?{next++}");
        if (filter.Flow is not null) sql.Append($" and flow = ?{next}");
        return filter.OldestFirst
            ? sql.Append(" and (?2 or true) and no > ?3 order by no limit ?4").ToString()
            : sql.Append(" and (rank > ?2 or (rank = ?2 and no < ?3)) order by rank, no desc limit ?4").ToString();
    }
}
