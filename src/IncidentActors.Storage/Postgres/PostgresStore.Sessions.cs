using IncidentActors.Engine.Journals;
using NpgsqlTypes;

namespace IncidentActors.Storage.Postgres;

public sealed partial class PostgresStore
{
    /// <summary>A commit with a sender that froze for this time is ended: <c>Scripts/008_stalled.sql</c>, <c>009_ended.sql</c>.</summary>
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(2);

    public Task<IReadOnlyList<EndedSession>> EndStalledSessionsAsync(CancellationToken cancel) =>
        WithoutFsyncAsync<IReadOnlyList<EndedSession>>(
            batch => batch.Add("select process, client, stood from end_stalled_sessions($1)").Value(NpgsqlDbType.Interval, Stalled),
            async rows => await Rows.AllAsync(rows, static row => new EndedSession(row.GetInt32(0), row.GetString(1), row.GetTimeSpan(2)), cancel),
            cancel);
}
