using System.Collections.Immutable;
using System.Text.Json;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Nodes;
using NpgsqlTypes;

namespace IncidentActors.Journal.Postgres;

public sealed partial class PostgresJournal : INodeRegistry
{
    /// <summary>A commit whose sender has stood still for so long is ended: <c>Scripts/008_stalled.sql</c>, <c>009_ended.sql</c>.</summary>
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(2);

    public Task<IReadOnlyList<EndedSession>> BeatAsync(
        string node, ImmutableSortedDictionary<string, DateTimeOffset> confirmed, CancellationToken cancel) =>
        LightlyAsync<IReadOnlyList<EndedSession>>(
            batch =>
            {
                batch.Add(
                    """
                    insert into nodes (node, seen_at, confirmed) values ($1, clock_timestamp(), $2)
                    on conflict (node) do update set seen_at = excluded.seen_at, confirmed = excluded.confirmed
                    """)
                    .Value(NpgsqlDbType.Text, node)
                    .Value(NpgsqlDbType.Json, JsonSerializer.Serialize(confirmed, CoreJson.Options));
                batch.Add("select process, client, stood from end_stalled_sessions($1)").Value(NpgsqlDbType.Interval, Stalled);
            },
            async rows => await Rows.AllAsync(rows, static row => new EndedSession(row.GetInt32(0), row.GetString(1), row.GetTimeSpan(2)), cancel),
            cancel);

    public Task LeaveAsync(string node, CancellationToken cancel) =>
        LightlyAsync(
            batch => batch.Add("delete from nodes where node = $1 or seen_at < clock_timestamp() - interval '1 day'").Value(NpgsqlDbType.Text, node),
            rows => Task.FromResult(rows.RecordsAffected),
            cancel);

    public Task<IReadOnlyList<RegisteredNode>> NodesAsync(CancellationToken cancel) =>
        LightlyAsync<IReadOnlyList<RegisteredNode>>(
            batch => batch.Add(
                """
                select node, seen_at, clock_timestamp() - seen_at, confirmed from nodes
                where seen_at > clock_timestamp() - interval '1 day' order by node
                """),
            async rows =>
            {
                var nodes = new List<RegisteredNode>();
                while (await rows.ReadAsync(cancel))
                {
                    nodes.Add(new RegisteredNode(
                        rows.GetString(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetTimeSpan(2),
                        JsonSerializer.Deserialize<ImmutableSortedDictionary<string, DateTimeOffset>>(rows.GetString(3), CoreJson.Options)!));
                }

                return nodes;
            },
            cancel);
}
