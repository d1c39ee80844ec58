using System.Net.Http.Json;
using System.Text.Json;
using IncidentActors.Testing;
using Npgsql;

namespace IncidentActors.Server.Tests.Chaos;

internal enum Fault
{
    Halt,
    KillNode,
    StallNodeUnderHalt,
    StallNodePastLease,
    TerminateBackends,
    RestartDatabase,
    CutBeforeDatabase,
    CutAfterDatabase,
}

/// <summary>Breaks one thing at a time, and mends it.</summary>
internal sealed class Nemesis(IReadOnlyList<ServerProcess> nodes, CutProxy proxy, string database, Random random, int agents)
{
    /// <summary>The nodes' shortest: others take over what a stalled node has begun, and it wakes up in the middle of it.</summary>
    public static readonly TimeSpan EffectLease = TimeSpan.FromSeconds(1);

    public async Task StrikeAsync(Fault fault)
    {
        var node = nodes[random.Next(nodes.Count)];
        switch (fault)
        {
            case Fault.Halt:
                await LiftAsync(await RaiseAsync(nodes));
                break;
            case Fault.KillNode:
                await node.KillAsync();
                await PauseAsync();
                await node.StartAsync();
                break;
            case Fault.StallNodeUnderHalt:
                node.Stall();
                var halt = await RaiseAsync([.. nodes.Where(other => other != node)]);
                await PauseAsync();
                node.Resume();
                await LiftAsync(halt);
                break;
            case Fault.StallNodePastLease:
                node.Stall();
                await PauseAsync(EffectLease * 2);
                var another = await RaiseAsync([.. nodes.Where(other => other != node)]);
                node.Resume();
                await LiftAsync(another);
                break;
            case Fault.TerminateBackends:
                await TerminateAsync();
                break;
            case Fault.RestartDatabase:
                PostgresServer.Shared.RestartImmediately();
                NpgsqlConnection.ClearAllPools();
                break;
            case Fault.CutBeforeDatabase:
            case Fault.CutAfterDatabase:
                proxy.Cut(loseAnswer: fault == Fault.CutAfterDatabase);
                await PauseAsync();
                break;
        }

        foreach (var any in nodes) await any.UntilReadyAsync();
    }

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

    private async Task LiftAsync(string halt) => (await PostAsync(nodes, $"/api/halts/{halt}/lift", new { })).Dispose();

    /// <summary>As the operator, with one key, until some node has done it.</summary>
    private async Task<HttpResponseMessage> PostAsync(IReadOnlyList<ServerProcess> through, string path, object body)
    {
        var key = $"nemesis-{random.NextInt64():x}";
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
                request.Headers.Add("X-Agent", "@operator");
                request.Headers.Add("Idempotency-Key", key);
                var answer = await through[attempt % through.Count].Client.SendAsync(request);
                if (answer.IsSuccessStatusCode) return answer;
                Assert.True((int)answer.StatusCode >= 500 && attempt < 50, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                answer.Dispose();
                await PauseAsync();
            }
            catch (HttpRequestException) when (attempt < 50)
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
