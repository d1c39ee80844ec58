using System.Text;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Journal.Postgres;

/// <summary>Documents by their index columns. Only the conditions that are asked for stand in the statement, so that it finds its
/// index.</summary>
internal static class Listing
{
    public static (string Sql, object[] Values) Query(ActorFilter filter)
    {
        var (rank, born) = PageCursor.Before(filter);
        var sql = new StringBuilder($"select {Rows.ActorColumns} from actors where kind = $1");
        var values = new List<object> { ActorId.KindName(filter.Kind), filter.Limit + 1L, born };
        Where("open", filter.Open);
        Where("rank", filter.Rank);
        Where("status", filter.Status);
        Where("incident", filter.Incident);
        Where("owner", filter.Owner);
        Where("flow", filter.Flow);
        if (filter.OldestFirst)
        {
            sql.Append(" and born > $3 order by born limit $2");
        }
        else
        {
            values.Add(rank);
            sql.Append($" and rank >= ${values.Count} and (rank > ${values.Count} or born < $3) order by rank, born desc limit $2");
        }

        return (sql.ToString(), [.. values]);

        void Where(string column, object? value)
        {
            if (value is null) return;
            values.Add(value);
            sql.Append($" and {column} = ${values.Count}");
        }
    }
}
