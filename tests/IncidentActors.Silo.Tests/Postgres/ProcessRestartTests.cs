using System.Diagnostics;
using System.Text.Json;
using IncidentActors.Behaviour;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Testing;
using Xunit.Abstractions;
using static IncidentActors.Behaviour.Expect;

namespace IncidentActors.Silo.Tests.Postgres;

/// <summary>A client of grains works on while the silos under it end, in good order or not, and start again.</summary>
[NeedsPostgres]
public sealed class ProcessRestartTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Agents = 16;
    private static readonly TimeSpan BeforeAgain = TimeSpan.FromMilliseconds(50);

    private ProcessSilos bench = null!;

    public async Task InitializeAsync() => bench = await ProcessSilos.StartAsync();

    public async Task DisposeAsync() => await bench.DisposeAsync();

    [BehaviourFact]
    public async Task Every_command_of_a_client_of_grains_is_settled_through_a_rolling_restart() => await RunAsync(async silo =>
    {
        Assert.True(await silo.StopAsync() == 0, silo.Output);
        await silo.StartAsync();
    });

    [BehaviourFact]
    public async Task Every_command_of_a_client_of_grains_is_settled_when_each_silo_is_killed_in_turn()
    {
        var done = await RunAsync(async silo =>
        {
            await silo.KillAsync();
            await silo.StartAsync();
        });
        Assert.Contains(done, agent => agent.Again > 0);
    }

    private async Task<IReadOnlyList<Work>> RunAsync(Func<ServerProcess, Task> restart)
    {
        for (var agent = 0; agent < Agents; agent++)
            await SettleAsync(agent, new CreateAtp("routine", Owner: Handle(agent)), "create");
        using var stop = new CancellationTokenSource();
        var work = Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => Task.Run(() => WorkAsync(agent, stop.Token))));
        foreach (var silo in bench.Silos) await restart(silo);
        await stop.CancelAsync();
        var done = await work;

        for (var agent = 0; agent < Agents; agent++)
        {
            var history = await bench.Journal.HistoryAsync(ActorId.Atp(Atp(agent)), 0, int.MaxValue, CancellationToken.None);
            var notes = history.Where(one => one.Name == "atp.noted.v1")
                .Select(one => JsonDocument.Parse(one.Payload).RootElement.GetProperty("notes").GetString());
            Assert.Equal(Enumerable.Range(0, done[agent].Commands).Select(number => $"note {number}"), notes);
        }

        var longest = done.Max(agent => agent.Longest).TotalSeconds;
        output.WriteLine($"{done.Sum(agent => agent.Commands)} commands, {done.Sum(agent => agent.Again)} sent again, the longest {longest:0.0} s");
        Assert.True(longest < Eventually.Deadline.TotalSeconds, $"a command took {longest:0.0} s");
        return done;
    }

    private async Task<Work> WorkAsync(int agent, CancellationToken stop)
    {
        var work = new Work(0, 0, TimeSpan.Zero);
        while (!stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            var again = await SettleAsync(agent, new SetAtp(Notes: $"note {work.Commands}"), $"{work.Commands}");
            var took = Stopwatch.GetElapsedTime(began);
            work = new Work(work.Commands + 1, work.Again + again, took > work.Longest ? took : work.Longest);
        }

        return work;
    }

    /// <summary>Sends a command with one key until it is accepted, and returns how often it was sent again. A refusal is a failure.</summary>
    private async Task<int> SettleAsync(int agent, AtpCommand command, string key)
    {
        for (var again = 0; ; again++)
        {
            var outcome = await bench.Actors.Atp(Atp(agent)).DoAsync(command, By(Handle(agent), $"{agent}-{key}"));
            if (outcome is Accepted) return again;
            Assert.IsType<Unavailable>(outcome);
            await Eventually.RealTimeAsync(BeforeAgain);
        }
    }

    private static string Handle(int agent) => $"@load{agent}";

    private static string Atp(int agent) => $"AT-LOAD-{agent}";

    /// <param name="Again">How many of the commands' calls were repetitions.</param>
    private sealed record Work(int Commands, int Again, TimeSpan Longest);
}
