using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Storage.Sqlite;
using IncidentActors.Server.Tests.Chaos.Checkers;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Xunit.Abstractions;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>
/// One real node on SQLite, killed with SIGKILL at random moments under load and started again on the same file
/// (<c>KILL_ROUNDS</c> and <c>KILL_SEED</c> make it longer or repeat it). At the end the journal is read from its first event.
/// </summary>
[Slow]
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Agents = 16;
    private static readonly int Rounds = Number.Of("KILL_ROUNDS", 12);
    private static readonly int Seed = Number.Of("KILL_SEED", 20261121);

    private readonly string folder = Directory.CreateTempSubdirectory("killed-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Acknowledged_is_there_once_no_effect_twice_and_no_message_gone()
    {
        var random = new Random(Seed);
        var history = new History();
        await using (var node = new ServerProcess("--data", folder))
        {
            await node.StartAsync();
            var load = new Load(new Fleet(node), history, Agents, Seed, tries: 400);
            await load.BeginAsync();
            for (var round = 0; round < Rounds; round++)
            {
                using var stop = new CancellationTokenSource();
                var work = Task.Run(() => load.WorkAsync(stop.Token));
                await history.GrowsAsync(random.Next(1, 300));
                await node.KillAsync();
                var again = node.StartAsync();
                await stop.CancelAsync();
                await again;
                await work;
            }

            await NothingToldIsWaitingAsync();
            Assert.Equal(0, await node.StopAsync());
        }

        await CheckAsync(history.Take());
    }

    /// <summary>Effects that are no clocks are due at once: when the server is ready they are soon gone, or something hangs.</summary>
    private Task NothingToldIsWaitingAsync() => Eventually.TrueAsync(
        () =>
        {
            using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")};Mode=ReadOnly;Pooling=False");
            database.Open();
            using var count = database.CreateCommand();
            count.CommandText = "select count(*) from effects where clock = 0";
            return count.ExecuteScalar() is 0L;
        },
        "the application of every effect");

    private async Task CheckAsync(IReadOnlyList<Operation> operations)
    {
        await using var journal = new SqliteStore(Path.Combine(folder, "journal.db"));
        await journal.OpenAsync(CancellationToken.None);
        var versions = new GaplessVersions();
        var acknowledged = new AcknowledgedOnce();
        var effects = new EffectsOnce();
        string? cursor = null;
        while (await journal.FeedAsync(cursor, 1000, null, CancellationToken.None) is { Events.IsEmpty: false } page)
        {
            foreach (var one in page.Events)
            {
                versions.See(one);
                acknowledged.See(one);
                effects.See(one);
            }

            cursor = page.Cursor;
        }

        acknowledged.Check(operations);
        effects.Check();
        // Documents, messages, claims and effects are what the events say.
        var verified = await JournalVerification.RunAsync(journal.ReadAllAsync(CancellationToken.None), CancellationToken.None);
        Assert.Empty(verified.Problems);
        var counts = operations.GroupBy(operation => operation.Answered).ToDictionary(group => group.Key, group => group.Count());
        output.WriteLine(
            $"{Rounds} kills: {string.Join(", ", counts.Select(pair => $"{pair.Value} {pair.Key}"))}; {verified.Events} events, "
            + $"{effects.Applied} effects applied");
        Assert.True(counts[Answered.Acknowledged] > Rounds && effects.Applied > Rounds / 10, "the load did next to nothing");
    }
}
