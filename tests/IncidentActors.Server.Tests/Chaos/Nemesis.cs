using System.Text.Json;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Npgsql;

namespace IncidentActors.Server.Tests.Chaos;

internal enum Fault
{
    Halt,
    KillNode,
    StallNodeUnderHalt,
    StallNodePastLease,
    JoinUnderHalt,
    LeaveUnderHalt,
    TerminateBackends,
    RestartDatabase,
    CutBeforeDatabase,
    CutAfterDatabase,

    /// <summary>It stands still until the others have taken it out of the cluster.</summary>
    StallUntilExpelled,
}

/// <summary>Breaks one thing at a time, under a halt or not, and mends it.</summary>
/// <param name="fleet">The nodes.</param>
/// <param name="spare">A node that does not run yet.</param>
/// <param name="history">Of the load; it grows during every fault.</param>
internal sealed class Nemesis(Fleet fleet, ServerProcess spare, History history, CutProxy proxy, string database, Random random, int agents)
{
    private ServerProcess? spare = spare;

    /// <summary>Silos that their cluster took for dead, and that were started again as whoever runs them would.</summary>
    public int Expelled { get; private set; }

    public async Task StrikeAsync(Fault fault)
    {
        var node = fleet.Running[random.Next(fleet.Running.Count)];
        switch (fault)
        {
            case Fault.Halt:
                await LiftAsync(await RaiseAsync(fleet.Running));
                break;
            case Fault.StallNodeUnderHalt:
                await StallAsync(node, PauseAsync);
                break;
            case Fault.StallNodePastLease:
                await StallAsync(node, () => Eventually.RealTimeAsync(Nodes.EffectLease * 2));
                break;
            case Fault.StallUntilExpelled:
                await StallAsync(node, UntilOneIsExpelledAsync);
                Assert.True(await node.EndAsync() == (int)ExitCode.Expelled, node.Output);
                break;
            case Fault.JoinUnderHalt:
                await UnderHaltAsync(JoinAsync);
                break;
            case Fault.LeaveUnderHalt:
                await UnderHaltAsync(_ => LeaveAsync(node));
                break;
            default:
                await UnderHaltOrNotAsync(() => BreakAsync(fault, node));
                break;
        }

        // A silo that was taken out answers until it sees it: the round ends when all are members again.
        await Eventually.TrueAsync(
            async () =>
            {
                foreach (var any in fleet.Running)
                {
                    if (await Nodes.UntilReadyAsync(any)) Expelled++;
                }

                return await Nodes.ActiveSilosAsync(database) >= fleet.Running.Count;
            },
            "a cluster of all nodes");
    }

    private async Task BreakAsync(Fault fault, ServerProcess node)
    {
        switch (fault)
        {
            case Fault.KillNode:
                await node.KillAsync();
                await PauseAsync();
                await Nodes.StartAsync(node);
                break;
            case Fault.TerminateBackends:
                await TerminateAsync();
                break;
            case Fault.RestartDatabase:
                PostgresServer.ToBeBrokenBy(nameof(ChaosTests)).RestartImmediately();
                NpgsqlConnection.ClearAllPools();
                break;
            default:
                proxy.Cut(loseAnswer: fault == Fault.CutAfterDatabase);
                await PauseAsync();
                break;
        }
    }

    private async Task StallAsync(ServerProcess node, Func<Task> meanwhile)
    {
        node.Stall();
        var halt = await RaiseAsync(fleet.Without(node));
        await meanwhile();
        node.Resume();
        await LiftAsync(halt);
    }

    /// <summary>A node that starts under a halt knows it, and is counted with those that have closed their gates.</summary>
    private async Task JoinAsync(string halt)
    {
        if (spare is not { } fourth) return;
        spare = null;
        await Nodes.StartAsync(fourth);
        fleet.Join(fourth);
        await UntilConfirmedAsync(halt, fourth);
    }

    /// <summary>In good order, and not fewer than three are left.</summary>
    private async Task LeaveAsync(ServerProcess node)
    {
        Assert.True(await node.StopAsync() == 0, node.Output);
        if (fleet.Running.Count > 3)
        {
            fleet.Leave(node);
            spare = node;
            return;
        }

        await PauseAsync();
        await Nodes.StartAsync(node);
    }

    private Task UntilOneIsExpelledAsync() => Eventually.TrueAsync(
        async () => await Nodes.ActiveSilosAsync(database) < fleet.Running.Count, "the cluster's taking a silo out that does not answer");

    private Task UntilConfirmedAsync(string halt, ServerProcess through) => Eventually.TrueAsync(
        async () =>
        {
            using var view = JsonDocument.Parse(await through.GetStringAsync($"/api/halts/{halt}"));
            var confirmed = view.RootElement.GetProperty("nodes").EnumerateArray().Count(node => node.GetProperty("confirmed").GetBoolean());
            return confirmed >= fleet.Running.Count;
        },
        "the confirmation of every node");

    private async Task UnderHaltAsync(Func<string, Task> fault)
    {
        var halt = await RaiseAsync(fleet.Running);
        await fault(halt);
        await LiftAsync(halt);
    }

    private Task UnderHaltOrNotAsync(Func<Task> fault) => random.Next(2) == 0 ? fault() : UnderHaltAsync(_ => fault());

    private async Task<string> RaiseAsync(IReadOnlyList<ServerProcess> through)
    {
        var scope = random.Next(3) switch
        {
            0 => "all",
            1 => $"agent:{Load.Agent(random.Next(agents))}",
            _ => $"atp:{Load.Atp(random.Next(agents))}",
        };
        using var answer = await PostAsync(through, "/api/halts", new { scope, reason = "chaos" });
        using var view = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var id = view.RootElement.GetProperty("id").GetString()!;
        await PauseAsync();
        return id;
    }

    private async Task LiftAsync(string halt) => (await PostAsync(fleet.Running, $"/api/halts/{halt}/lift", new { })).Dispose();

    private Task<HttpResponseMessage> PostAsync(IReadOnlyList<ServerProcess> through, string path, object body) =>
        OperatorCalls.PostAsync(through, path, body, $"nemesis-{random.NextInt64():x}");

    private async Task TerminateAsync()
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var terminate = new NpgsqlCommand(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", connection);
        await terminate.ExecuteNonQueryAsync();
    }

    /// <summary>Lets the load run on.</summary>
    private Task PauseAsync() => history.GrowsAsync(random.Next(1, 60));
}
