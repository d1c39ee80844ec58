using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

public sealed partial class SqliteStore
{
    public Task<IReadOnlyList<OpenCount>> CountOpenAsync(ActorKind kind, CancellationToken cancel)
    {
        const string Sql = "select flow, status, count(*) from actors where kind = ? and open = 1 group by flow, status order by flow, status";
        return Task.FromResult<IReadOnlyList<OpenCount>>(Read(link => Rows.All(
            link[Sql].Bind(1, ActorId.KindName(kind)), static row => new OpenCount(row.TextOrNull(0), row.Text(1), (int)row.Number(2)))));
    }
}
