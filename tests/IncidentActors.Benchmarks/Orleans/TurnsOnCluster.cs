using System.Diagnostics;
using IncidentActors.Benchmarks.Turns;

namespace IncidentActors.Benchmarks.Orleans;

/// <summary>
/// Many agents write notes at the same time; every call is durable before it is answered. Ours are called from outside the cluster, the naive grains
/// from inside a silo, which spares them the way through the gateway.
/// </summary>
internal static class TurnsOnCluster
{
    private const int Agents = 1000;
    private const int WarmUpEach = 20;
    private const int TurnsEach = 60;

    /// <summary>Code that is compiled while it is measured says little; the same time for both.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static async Task RunAsync()
    {
        await using var cluster = await Cluster.StartAsync();
        await Cluster.ForEachAsync(Agents, Agents, agent => Load.BeginAsync(cluster.Actors, agent));
        await Cluster.ForEachAsync(Agents, Agents, agent => Naive(cluster, agent).NoteAsync("begin"));

        await WarmUpAsync((agent, turns) => Load.WorkAsync(cluster.Actors, agent, turns));
        var ours = await RateAsync(TurnsEach, (agent, turns) => Load.WorkAsync(cluster.Actors, agent, turns));
        await WarmUpAsync((agent, turns) => WorkNaivelyAsync(cluster, agent, turns));
        var naive = await RateAsync(TurnsEach, (agent, turns) => WorkNaivelyAsync(cluster, agent, turns));
        Table.Row("turns: decided, fenced, events, document, view", ours, "turns/s");
        Table.Row("naive: state of the grain in AdoNet storage", naive, "turns/s");
        Table.Row("times as many", ours / naive, "x", "aim: 10");
    }

    private static INaiveAgentGrain Naive(Cluster cluster, int agent) => cluster.Inside.GetGrain<INaiveAgentGrain>($"naive-{agent}");

    private static async Task WorkNaivelyAsync(Cluster cluster, int agent, int turns)
    {
        for (var turn = 0; turn < turns; turn++) await Naive(cluster, agent).NoteAsync($"note {turn} of agent {agent}");
    }

    private static async Task WarmUpAsync(Func<int, int, Task> work)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < WarmUp;) await RateAsync(WarmUpEach, work);
    }

    /// <summary>Turns a second.</summary>
    private static async Task<double> RateAsync(int each, Func<int, int, Task> work)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => work(agent, each)));
        return Agents * each / watch.Elapsed.TotalSeconds;
    }
}
