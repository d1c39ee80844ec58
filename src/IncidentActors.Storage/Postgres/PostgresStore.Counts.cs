using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Postgres;

public sealed partial class PostgresStore
{
    public async Task<IReadOnlyList<OpenCount>> CountOpenAsync(ActorKind kind, CancellationToken cancel)
    {
        const string Sql =
            "select flow, status, count(*) from actors where kind = $1 and open group by flow, status order by flow nulls first, status";
        return await ReadAsync(
            Sql,
            static row => new OpenCount(row.IsDBNull(0) ? null : row.GetString(0), row.GetString(1), (int)row.GetInt64(2)),
            cancel,
            ActorId.KindName(kind));
    }
}
