using System.Collections.Immutable;
using System.Text.Json;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Nodes;
using NpgsqlTypes;

namespace IncidentActors.Journal.Postgres;

public sealed partial class PostgresJournal : INodeRegistry
{
    /// <summary>A commit whose sender has stood still for so long is ended: <c>Scripts/008_stalled.sql</c>.</summary>
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(2);

    public Task BeatAsync(string node, ImmutableSortedDictionary<string, DateTimeOffset> confirmed, CancellationToken cancel) =>
        LightlyAsync(
            batch =>
            {
                batch.Add(
                    """
                    insert into nodes (node, seen_at, confirmed) values ($1, clock_timestamp(), $2)
                    on conflict (node) do update set seen_at = excluded.seen_at, confirmed = excluded.confirmed
                    """)
                    .Value(NpgsqlDbType.Text, node)
                    .Value(NpgsqlDbType.Json, JsonSerializer.Serialize(confirmed, CoreJson.Options));
                batch.Add("select end_stalled($1)").Value(NpgsqlDbType.Interval, Stalled);
            },
            rows => Task.FromResult(rows.RecordsAffected),
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
