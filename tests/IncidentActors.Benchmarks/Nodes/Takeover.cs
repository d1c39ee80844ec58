using System.Diagnostics;
using System.Net.Http.Json;
using IncidentActors.Testing;
using Npgsql;

namespace IncidentActors.Benchmarks.Nodes;

/// <summary>
/// Two nodes on one PostgreSQL, one of them killed with SIGKILL in the middle of work that leads to effects: how long until the other has
/// done everything that the dead one had begun, and until it does new work on the same actors.
/// </summary>
internal static class Takeover
{
    private const int Rounds = 5;
    private const int Alerts = 40;
    private const int LeaseSeconds = 5;

    public static async Task RunAsync()
    {
        if (PostgresServer.Missing is { } missing)
        {
            Console.WriteLine($"not run: {missing}");
            return;
        }

        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var survivor = Node(database);
        await survivor.StartAsync();
        var commands = new List<double>();
        var effects = new List<double>();
        var taken = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            await using var victim = Node(database);
            await victim.StartAsync();
            await SendAsync(victim, round, "firing");
            var dying = SendAsync(victim, round, "resolved");
            using (var moment = new PeriodicTimer(TimeSpan.FromMilliseconds(30 + (20 * round)))) await moment.WaitForNextTickAsync();
            await victim.KillAsync();
            var watch = Stopwatch.StartNew();
            await AlertAsync(survivor, $"r{round}-a0", "resolved");
            commands.Add(watch.Elapsed.TotalMilliseconds);
            await dying;
            taken += await LeftAsync(database);
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await LeftAsync(database) > 0 && await look.WaitForNextTickAsync())
            {
            }

            effects.Add(watch.Elapsed.TotalMilliseconds);
        }

        commands.Sort();
        effects.Sort();
        Table.Row("SIGKILL to a command on the same actor by the other node, p50", Table.Percentile(commands, 0.5), "ms");
        Table.Row(
            $"SIGKILL to all that was begun being done, lease of {LeaseSeconds} s, highest",
            effects[^1],
            "ms",
            $"{taken} effects were left behind in {Rounds} rounds");
    }

    private static ServerProcess Node(string database) => new("--journal", database, "--effect-lease", $"{LeaseSeconds}s");

    /// <summary>Alerts of one group each; when one is over its incident tells its commander, which is an effect.</summary>
    private static Task SendAsync(ServerProcess node, int round, string status) =>
        Task.WhenAll(Enumerable.Range(0, Alerts).Select(alert => AlertAsync(node, $"r{round}-a{alert}", status)));

    private static async Task AlertAsync(ServerProcess node, string name, string status)
    {
        var ends = status == "resolved" ? "2026-11-21T06:05:00Z" : "0001-01-01T00:00:00Z";
        var labels = new { alertname = name, severity = "warning" };
        var alert = new { status, labels, annotations = new { summary = name }, startsAt = "2026-11-21T06:00:00Z", endsAt = ends, fingerprint = name };
        var body = new
        {
            version = "4", groupKey = name, status, receiver = "incidents", groupLabels = labels, commonLabels = labels,
            commonAnnotations = new { }, alerts = new[] { alert },
        };
        try
        {
            using var answer = await node.Client.PostAsJsonAsync("/webhooks/alertmanager", body);
        }
        catch (HttpRequestException)
        {
            // The node is dead: an Alertmanager would send it again, to another one.
        }
    }

    private static async Task<long> LeftAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var left = new NpgsqlCommand("select count(*) from effects where not clock", connection);
        return (long)(await left.ExecuteScalarAsync())!;
    }
}
