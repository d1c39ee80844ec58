using NpgsqlTypes;

namespace IncidentActors.Storage.Postgres;

/// <summary>Several nodes may sweep at once: none waits for another, and none removes twice.</summary>
public sealed partial class PostgresStore
{
    public Task<int> ForgetAnswersAsync(DateTimeOffset before, int limit, CancellationToken cancel) =>
        WithoutFsyncAsync(
            batch => batch.Add(
                """
                with old as (select key from answers where at < $1 limit $2 for update skip locked)
                delete from answers where key in (select key from old)
                """)
                .Value(NpgsqlDbType.Bigint, JournalJson.Ticks(before)).Value(NpgsqlDbType.Bigint, (long)limit),
            rows => Task.FromResult(rows.RecordsAffected),
            cancel);
}
