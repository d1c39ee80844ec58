using System.Diagnostics;
using IncidentActors.Benchmarks.Turns;

namespace IncidentActors.Benchmarks.Orleans;

/// <summary>Many agents write notes at the same time, by grain calls from outside the cluster; every call is durable before it is answered.</summary>
internal static class TurnsOnCluster
{
    private const int Agents = 1000;
    private const int TurnsEach = 20;

    public static async Task RunAsync()
    {
        await using var cluster = await Cluster.StartAsync();
        await Cluster.ForEachAsync(Agents, Agents, agent => Load.BeginAsync(cluster.Actors, agent));
        await Cluster.ForEachAsync(Agents, Agents, agent => Naive(cluster, agent).NoteAsync("begin"));

        var ours = await RateAsync(agent => Load.WorkAsync(cluster.Actors, agent, TurnsEach));
        var naive = await RateAsync(async agent =>
        {
            for (var turn = 0; turn < TurnsEach; turn++) await Naive(cluster, agent).NoteAsync($"note {turn} of agent {agent}");
        });
        Table.Row("turns: decided, fenced, events, document, view", ours, "turns/s");
        Table.Row("naive: state of the grain in AdoNet storage", naive, "turns/s");
        Table.Row("times as many", ours / naive, "x", "aim: 10");
    }

    private static INaiveAgentGrain Naive(Cluster cluster, int agent) => cluster.Client.GetGrain<INaiveAgentGrain>($"naive-{agent}");

    private static async Task<double> RateAsync(Func<int, Task> work)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(work));
        return Agents * TurnsEach / watch.Elapsed.TotalSeconds;
    }
}
