using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Journal.Postgres;
using IncidentActors.Server.Tests.Chaos.Checkers;
using IncidentActors.Testing;
using Npgsql;
using Xunit.Abstractions;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>
/// Three real nodes on one real PostgreSQL, agents at work through all of them, and a fault at a random moment in every round.
/// <c>CHAOS_ROUNDS</c> and <c>CHAOS_SEED</c> make it longer or repeat it.
/// </summary>
[Collection("one PostgreSQL that is restarted")]
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Agents = 16;
    private static readonly int Rounds = Number.Of("CHAOS_ROUNDS", 35);
    private static readonly int Seed = Number.Of("CHAOS_SEED", 20261121);

    [PostgresFact]
    public async Task Whatever_breaks_acknowledged_is_there_once_and_nothing_covered_is_committed()
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        var random = new Random(Seed);
        await using var proxy = new CutProxy(PostgresServer.Shared.Port);
        var throughProxy = new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port }.ConnectionString;
        await using var one = Node(database);
        await using var two = Node(database);
        await using var three = Node(throughProxy);
        ServerProcess[] nodes = [one, two, three];
        foreach (var node in nodes) await node.StartAsync();

        var history = new History();
        var load = new Load(nodes, history, Agents, Seed);
        await load.BeginAsync();
        var nemesis = new Nemesis(nodes, proxy, database, random, Agents);
        var reader = new Reader(database);
        var counts = new Dictionary<Answered, int>();
        for (var round = 1; round <= Rounds; round++)
        {
            var fault = Enum.GetValues<Fault>()[random.Next(Enum.GetValues<Fault>().Length)];
            using var stop = new CancellationTokenSource();
            var work = Task.Run(() => load.WorkAsync(stop.Token));
            try
            {
                await nemesis.StrikeAsync(fault);
            }
            finally
            {
                await stop.CancelAsync();
                await work;
            }

            var operations = history.Take();
            foreach (var group in operations.GroupBy(operation => operation.Answered)) counts[group.Key] = counts.GetValueOrDefault(group.Key) + group.Count();
            try
            {
                await reader.CheckAsync(operations);
            }
            catch (Exception)
            {
                output.WriteLine($"seed {Seed}, round {round}: {fault}");
                throw;
            }
        }

        await NothingToldIsWaitingAsync(database);
        await reader.CheckAsync([]);
        await reader.CheckDocumentsAsync();
        output.WriteLine(
            $"{Rounds} rounds: {string.Join(", ", counts.Select(pair => $"{pair.Value} {pair.Key}"))}, {reader.Halts} halts, "
            + $"{reader.Effects.Applied} effects applied");
        Assert.True(counts[Answered.Acknowledged] > Rounds, "the load did next to nothing");
    }

    private static ServerProcess Node(string database) => new("--journal", database, "--effect-lease", $"{Nemesis.EffectLease.TotalSeconds}s");

    /// <summary>Effects that are no clocks are applied at once, those of a dead node when its lease is over.</summary>
    private static async Task NothingToldIsWaitingAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var left = new NpgsqlCommand("select count(*) from effects where not clock", connection);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var times = 0; times < 300 && await look.WaitForNextTickAsync(); times++)
        {
            if (await left.ExecuteScalarAsync() is 0L) return;
        }

        Assert.Fail("effects are left");
    }

    /// <summary>Reads the journal beside the nodes and shows every new event to the checkers.</summary>
    private sealed class Reader(string database)
    {
        private readonly GaplessVersions versions = new();
        private readonly AcknowledgedOnce acknowledged = new();
        private readonly HaltDominance dominance = new();
        private readonly HashSet<ActorId> actors = [];
        private string? cursor;

        public EffectsOnce Effects { get; } = new();
        public int Halts => dominance.Halts;

        public async Task CheckAsync(IReadOnlyList<Operation> operations)
        {
            await using var journal = new PostgresJournal(database);
            await journal.OpenAsync(CancellationToken.None);
            var events = new List<StoredEvent>();
            while (true)
            {
                var page = await journal.FeedAsync(cursor, 1000, null, CancellationToken.None);
                events.AddRange(page.Events);
                cursor = page.Cursor;
                if (page.Events.IsEmpty) break;
            }

            foreach (var one in events.OrderBy(one => one.Position))
            {
                actors.Add(one.Actor);
                versions.See(one);
                acknowledged.See(one);
                dominance.See(one);
                Effects.See(one);
            }

            acknowledged.Check(operations);
        }

        public async Task CheckDocumentsAsync()
        {
            await using var journal = new PostgresJournal(database);
            await journal.OpenAsync(CancellationToken.None);
            await ViewsAreFolds.CheckAsync(journal, actors);
            Effects.Check();
        }
    }
}
