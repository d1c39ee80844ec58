using IncidentActors.Testing;
using Npgsql;
using Xunit.Abstractions;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>
/// Three real nodes on one real PostgreSQL, a fourth that comes and goes, agents at work through all of them, and a fault at a random
/// moment in every round. <c>CHAOS_ROUNDS</c> and <c>CHAOS_SEED</c> make it longer or repeat it.
/// </summary>
[Collection("one PostgreSQL that is restarted")]
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Agents = 16;
    private static readonly int Rounds = Number.Of("CHAOS_ROUNDS", 14);
    private static readonly int Seed = Number.Of("CHAOS_SEED", 20261121);
    private static readonly Fault[] Faults = Enum.GetValues<Fault>();

    [PostgresFact]
    public async Task Whatever_breaks_acknowledged_is_there_once_and_nothing_covered_is_committed()
    {
        var database = await PostgresServer.ToBeBrokenBy(nameof(ChaosTests)).CreateDatabaseAsync();
        var random = new Random(Seed);
        await using var proxy = new CutProxy(PostgresServer.ToBeBrokenBy(nameof(ChaosTests)).Port);
        await using var one = Nodes.Of(database);
        await using var two = Nodes.Of(database);
        await using var three = Nodes.Of(new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port }.ConnectionString);
        await using var four = Nodes.Of(database);
        var fleet = new Fleet(one, two, three);
        foreach (var node in fleet.Running) await node.StartAsync();
        await Nodes.AssertClusterAsync(fleet.Running, database);

        var history = new History();
        var load = new Load(fleet, history, Agents, Seed);
        await load.BeginAsync();
        var nemesis = new Nemesis(fleet, four, history, proxy, database, random, Agents);
        var evidence = new Evidence(database);
        var counts = new Dictionary<Answered, int>();
        for (var round = 1; round <= Rounds; round++)
        {
            var fault = Faults[random.Next(Faults.Length)];
            try
            {
                await StrikeUnderLoadAsync(load, () => nemesis.StrikeAsync(fault));
                var operations = history.Take();
                foreach (var operation in operations) counts[operation.Answered] = counts.GetValueOrDefault(operation.Answered) + 1;
                await evidence.CheckAsync(operations);
            }
            catch (Exception)
            {
                output.WriteLine($"seed {Seed}, round {round}: {fault}");
                throw;
            }
        }

        await evidence.CheckEndAsync();
        output.WriteLine(
            $"{Rounds} rounds: {string.Join(", ", counts.Select(pair => $"{pair.Value} {pair.Key}"))}, {evidence.Halts} halts, "
            + $"{evidence.Effects.Applied} effects applied, {nemesis.Expelled} expelled");
        Assert.True(counts[Answered.Acknowledged] > Rounds, "the load did next to nothing");
    }

    private static async Task StrikeUnderLoadAsync(Load load, Func<Task> strike)
    {
        using var stop = new CancellationTokenSource();
        var work = Task.Run(() => load.WorkAsync(stop.Token));
        try
        {
            await strike();
        }
        finally
        {
            await stop.CancelAsync();
            await work;
        }
    }
}
