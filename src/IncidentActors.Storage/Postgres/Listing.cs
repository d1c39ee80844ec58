using System.Globalization;
using System.Text;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Postgres;

/// <summary>Documents by their index columns. The statement contains only the conditions that are asked for, so that it finds its
/// index.</summary>
internal static class Listing
{
    public static (string Sql, object[] Values) Query(ActorFilter filter, PagePart part, int limit)
    {
        var values = new List<object> { ActorId.KindName(filter.Kind) };
        var sql = new StringBuilder($"select {Rows.ActorColumns} from actors where kind = $1");
        Where("open =", filter.Open);
        Where("rank =", filter.Rank);
        Where("status =", filter.Status);
        Where("incident =", filter.Incident);
        Where("owner =", filter.Owner);
        Where("flow =", filter.Flow);
        Where("rank =", part.Rank);
        Where("rank >", part.RankAbove);
        Where("born <", part.BornBefore);

        // Open ones are few and are sorted; by the index of births the planner would walk through all the finished ones.
        var oldest = filter is { Open: true } ? "born + 0" : "born";
        Where($"{oldest} >", part.BornAfter);
        values.Add((long)limit);
        sql.Append(CultureInfo.InvariantCulture, $" order by {(filter.OldestFirst ? oldest : "rank, born desc")} limit ${values.Count}");
        return (sql.ToString(), [.. values]);

        void Where(string condition, object? value)
        {
            if (value is null) return;
            values.Add(value);
            sql.Append(CultureInfo.InvariantCulture, $" and {condition} ${values.Count}");
        }
    }
}
