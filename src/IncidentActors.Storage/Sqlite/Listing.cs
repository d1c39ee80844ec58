using System.Globalization;
using System.Text;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

/// <summary>Documents by their index columns. The statement contains only the conditions that are asked for, which names its index: this
/// database's planner knows no figures of the tables, and would rather walk through all documents than sort ten.</summary>
internal static class Listing
{
    public static ActorPage Page(Link link, ActorFilter filter)
    {
        filter = filter.Narrowed();
        var found = new List<(StoredActor Actor, long No)>();
        foreach (var part in PagePart.Of(filter))
        {
            if (found.Count > filter.Limit) break;
            var (sql, values) = Query(filter, part, filter.Limit + 1 - found.Count);
            var rows = link[sql];
            for (var i = 0; i < values.Count; i++) Bind(rows, i + 1, values[i]);
            found.AddRange(Rows.All(rows, static row => (Actor: Rows.Actor(row), No: row.Number(10))));
        }

        if (found.Count <= filter.Limit) return new ActorPage([.. found.Select(one => one.Actor)], null);
        var last = found[filter.Limit - 1];
        return new ActorPage(
            [.. found.Take(filter.Limit).Select(one => one.Actor)], new PageCursor(last.Actor.Index.Rank, last.No).ToString());
    }

    private static (string Sql, List<object> Values) Query(ActorFilter filter, PagePart part, int limit)
    {
        var values = new List<object> { ActorId.KindName(filter.Kind) };
        var sql = new StringBuilder($"select {Rows.ActorColumns} from actors indexed by {Index(filter)} where kind = ?1");
        Where("open =", filter.Open);
        Where("rank =", filter.Rank);
        Where("status =", filter.Status);
        Where("incident =", filter.Incident);
        Where("owner =", filter.Owner);
        Where("flow =", filter.Flow);
        Where("rank =", part.Rank);
        Where("rank >", part.RankAbove);
        Where("no <", part.BornBefore);
        Where("no >", part.BornAfter);
        values.Add(limit);
        sql.Append(filter.OldestFirst ? " order by no" : " order by rank, no desc").Append(CultureInfo.InvariantCulture, $" limit ?{values.Count}");
        return (sql.ToString(), values);

        void Where(string condition, object? value)
        {
            if (value is null) return;
            values.Add(value);
            sql.Append(CultureInfo.InvariantCulture, $" and {condition} ?{values.Count}");
        }
    }

    private static string Index(ActorFilter filter) => filter switch
    {
        { Incident: not null } => "actors_of_incident",
        { Owner: not null } => "actors_of_owner",
        { Open: not null } => "actors_listed",
        { OldestFirst: true } => "actors_by_birth",
        { Flow: not null } => "actors_of_flow",
        _ => "actors_by_rank",
    };

    private static void Bind(Statement rows, int index, object value)
    {
        switch (value)
        {
            case bool yes:
                rows.Bind(index, yes);
                break;
            case int number:
                rows.Bind(index, number);
                break;
            case long number:
                rows.Bind(index, number);
                break;
            default:
                rows.Bind(index, (string)value);
                break;
        }
    }
}
