using System.Diagnostics;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Benchmarks.Orleans;

/// <summary>How long until no covered turn can be committed, and until every silo has confirmed it; beside the naive way, which is not even durable.</summary>
internal static class HaltOfMany
{
    private const int Rounds = 50;
    private const int AtOnce = 400;

    public static async Task RunAsync()
    {
        var agents = int.TryParse(Environment.GetEnvironmentVariable("AGENTS"), out var number) ? number : 100_000;
        await using var cluster = await Cluster.StartAsync();
        await Cluster.ForEachAsync(agents, AtOnce, agent => cluster.Actors.Agent($"@a{agent}").GetAsync());
        await Cluster.ForEachAsync(agents, AtOnce, agent => Naive(cluster, agent).PingAsync());
        Table.Row("agents in memory, of either kind", agents, "grains");

        var fenced = new List<double>();
        var confirmed = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var id = $"HLT-{round}";
            var silos = cluster.Turns.Select(turns => turns.Gate.QuiescedAsync(id, CancellationToken.None)).ToList();
            var watch = Stopwatch.StartNew();
            Must(await cluster.Actors.Halt(id).DoAsync(new RaiseHalt(HaltScope.All, "measured"), Operator));
            fenced.Add(watch.Elapsed.TotalMilliseconds);
            await Task.WhenAll(silos);
            confirmed.Add(watch.Elapsed.TotalMilliseconds);
            Must(await cluster.Actors.Halt(id).DoAsync(new LiftHalt(), Operator));
        }

        var naive = Stopwatch.StartNew();
        await Cluster.ForEachAsync(agents, AtOnce, agent => Naive(cluster, agent).HaltAsync("HLT"));
        var broadcast = naive.Elapsed.TotalMilliseconds;
        fenced.Sort();
        confirmed.Sort();
        Table.Row("fenced, p50", Table.Percentile(fenced, 0.5), "ms");
        Table.Row("fenced, p99", Table.Percentile(fenced, 0.99), "ms");
        Table.Row("every silo confirmed, p50", Table.Percentile(confirmed, 0.5), "ms");
        Table.Row("every silo confirmed, p99", Table.Percentile(confirmed, 0.99), "ms");
        Table.Row("naive: a call to every agent, nothing written", broadcast, "ms");
        Table.Row("times as fast, by p50", broadcast / Table.Percentile(confirmed, 0.5), "x", "aim: 20");
        Table.Row("times as fast, by p99", broadcast / Table.Percentile(confirmed, 0.99), "x");
    }

    private static Call Operator => new() { At = default, Seed = "", By = "@operator" };

    private static INaiveAgentGrain Naive(Cluster cluster, int agent) => cluster.Inside.GetGrain<INaiveAgentGrain>($"naive-{agent}");

    private static void Must(Outcome outcome)
    {
        if (outcome is not Accepted) throw new InvalidOperationException(outcome.ToString());
    }
}
