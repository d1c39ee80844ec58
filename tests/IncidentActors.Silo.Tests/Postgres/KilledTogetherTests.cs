using System.Diagnostics;
using IncidentActors.Behaviour;
using IncidentActors.Testing;
using Xunit.Abstractions;

namespace IncidentActors.Silo.Tests.Postgres;

/// <summary>All silos of a cluster are killed at once: their rows stay in the membership table as those of active members.</summary>
[NeedsPostgres]
public sealed class KilledTogetherTests(ITestOutputHelper output)
{
    /// <summary>Promised on a machine that is not busy.</summary>
    private static readonly TimeSpan Aim = TimeSpan.FromSeconds(30);

    /// <summary>Environment variable: the number of rounds. The figures in docs/RELIABILITY.md are of ten.</summary>
    private const string Rounds = "KILLED_TOGETHER_ROUNDS";

    [BehaviourFact]
    public async Task Three_that_start_after_three_were_killed_are_ready_and_the_log_says_who_was_taken_out()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable(Rounds), out var given) ? given : 1;
        var took = new List<TimeSpan>();
        while (took.Count < rounds) took.Add(await RoundAsync());
        took.Sort();
        output.WriteLine($"{rounds} rounds: p50 {took[rounds / 2].TotalSeconds:0.0} s, worst {took[^1].TotalSeconds:0.0} s");
    }

    private async Task<TimeSpan> RoundAsync()
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        var killed = Silos(database);
        foreach (var silo in killed) await silo.StartAsync();
        await Task.WhenAll(killed.Select(silo => silo.KillAsync()));

        var began = Stopwatch.GetTimestamp();
        var next = Silos(database);
        await Task.WhenAll(next.Select(silo => silo.StartAsync()));
        var took = Stopwatch.GetElapsedTime(began);

        output.WriteLine($"ready again after {took.TotalSeconds:0.0} s");
        Assert.True(took < Eventually.Scaled(Aim * 3), $"ready after {took.TotalSeconds:0.0} s");
        // What a process has written may arrive after the answer that it is ready.
        await Eventually.TrueAsync(() => TakenOut(next) >= killed.Length, "the lines of the log about those that are gone");
        Assert.Equal(killed.Length, TakenOut(next));
        foreach (var silo in killed.Concat(next)) await silo.DisposeAsync();
        return took;
    }

    private static int TakenOut(ServerProcess[] silos) => string.Concat(silos.Select(silo => silo.Output)).Split("is gone").Length - 1;

    private static ServerProcess[] Silos(string database) =>
        [.. Enumerable.Range(0, 3).Select(_ => new ServerProcess("--journal", database, "--silo-port", $"{Ports.Free()}"))];
}
