using System.Diagnostics;
using System.Net.Http.Json;
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

    /// <summary>Silos only: it stands still until the others have taken it out of the cluster.</summary>
    StallUntilExpelled,
}

/// <summary>Breaks one thing at a time, under a halt or not, and mends it.</summary>
/// <param name="fleet">The nodes.</param>
/// <param name="spare">A node that does not run yet.</param>
internal sealed class Nemesis(Fleet fleet, ServerProcess spare, CutProxy proxy, string database, Random random, int agents)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

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
                await StallAsync(node, () => PauseAsync(Nodes.EffectLease * 2));
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

        foreach (var any in fleet.Running)
        {
            if (await Nodes.UntilReadyAsync(any)) Expelled++;
        }
    }

    private async Task BreakAsync(Fault fault, ServerProcess node)
    {
        switch (fault)
        {
            case Fault.KillNode:
                await node.KillAsync();
                await PauseAsync();
                await node.StartAsync();
                break;
            case Fault.TerminateBackends:
                await TerminateAsync();
                break;
            case Fault.RestartDatabase:
                PostgresServer.ToBeBroken.RestartImmediately();
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
        await fourth.StartAsync();
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
        await node.StartAsync();
    }

    private Task UntilOneIsExpelledAsync() => Eventually.TrueAsync(
        async () => await Nodes.ActiveSilosAsync(database) < fleet.Running.Count, "the cluster's taking a silo out that does not answer");

    private Task UntilConfirmedAsync(string halt, ServerProcess through) => Eventually.TrueAsync(
        async () =>
        {
            using var view = JsonDocument.Parse(await through.Client.GetStringAsync($"/api/halts/{halt}"));
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

    /// <summary>As the operator, with one key, until some node has done it.</summary>
    private async Task<HttpResponseMessage> PostAsync(IReadOnlyList<ServerProcess> through, string path, object body)
    {
        var key = $"nemesis-{random.NextInt64():x}";
        var began = Stopwatch.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var again = Stopwatch.GetElapsedTime(began) < Patience;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
                request.Headers.Add("X-Agent", "@operator");
                request.Headers.Add("Idempotency-Key", key);
                var answer = await through[attempt % through.Count].Client.SendAsync(request);
                if (answer.IsSuccessStatusCode) return answer;
                Assert.True((int)answer.StatusCode >= 500 && again, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                answer.Dispose();
                await PauseAsync();
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException && again)
            {
                await PauseAsync();
            }
        }
    }

    private async Task TerminateAsync()
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var terminate = new NpgsqlCommand(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", connection);
        await terminate.ExecuteNonQueryAsync();
    }

    /// <summary>Lets the load run on for a random moment.</summary>
    private Task PauseAsync() => PauseAsync(TimeSpan.FromMilliseconds(random.Next(20, 250)));

    private static async Task PauseAsync(TimeSpan time)
    {
        using var moment = new PeriodicTimer(time);
        await moment.WaitForNextTickAsync();
    }
}
