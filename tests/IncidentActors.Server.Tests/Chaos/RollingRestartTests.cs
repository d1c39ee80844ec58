using IncidentActors.Testing;
using Xunit.Abstractions;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>
/// A new version is rolled out while agents work: each of three nodes in turn gets SIGTERM, ends and starts again. Nothing breaks here, so
/// nothing may be refused or stay open: whoever sends again with the same key, to any node, gets it done.
/// </summary>
[Collection("one PostgreSQL that is restarted")]
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const int Agents = 16;
    private static readonly int Rollouts = Number.Of("ROLLOUTS", 2);
    private static readonly int Seed = Number.Of("CHAOS_SEED", 20261121);

    [PostgresFact]
    public async Task A_rolling_restart_loses_nothing_and_fails_nothing_that_a_retry_does_not_settle()
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var one = Nodes.Of(database);
        await using var two = Nodes.Of(database);
        await using var three = Nodes.Of(database);
        var fleet = new Fleet(one, two, three);
        foreach (var node in fleet.Running) await node.StartAsync();
        await Nodes.AssertClusterAsync(fleet.Running, database);

        var history = new History();
        var load = new Load(fleet, history, Agents, Seed, tries: 400);
        await load.BeginAsync();
        using var stop = new CancellationTokenSource();
        var work = Task.Run(() => load.WorkAsync(stop.Token));
        for (var restart = 0; restart < Rollouts * fleet.Running.Count; restart++)
        {
            var node = fleet.Running[restart % fleet.Running.Count];
            await Nodes.UntilReadyAsync(node);
            Assert.True(await node.StopAsync() == 0, node.Output);
            await Nodes.StartAsync(node);
        }

        foreach (var node in fleet.Running) await Nodes.UntilReadyAsync(node);
        await stop.CancelAsync();
        await work;
        var operations = history.Take();
        var evidence = new Evidence(database);
        await evidence.CheckAsync(operations);
        await evidence.CheckEndAsync();
        Assert.All(operations, operation => Assert.Equal(Answered.Acknowledged, operation.Answered));
        await Nodes.AssertClusterAsync(fleet.Running, database);
        output.WriteLine(
            $"{Rollouts * 3} restarts: {operations.Count} acknowledged, {operations.Count(operation => operation.Tries > 1)} of them sent again, " +
            $"at most {operations.Max(operation => operation.Tries)} times and for {operations.Max(operation => operation.Took).TotalSeconds:0.0} s");
        Assert.Contains(operations, operation => operation.Tries > 1);
    }
}
