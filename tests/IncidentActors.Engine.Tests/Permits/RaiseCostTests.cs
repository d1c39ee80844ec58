using System.Diagnostics;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Halts;
using IncidentActors.Engine.Permits;
using IncidentActors.Engine.Turns;
using IncidentActors.Storage.Sqlite;
using IncidentActors.Testing;
using Xunit.Abstractions;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Permits;

/// <summary>Raising a halt writes nothing to the permits that it ends, so it costs the same however many there are.</summary>
[Slow]
public sealed class RaiseCostTests(ITestOutputHelper output) : IDisposable
{
    private const int Permits = 20_000;
    private const int Raises = 30;

    /// <summary>Far above what is measured on an idle machine (about 1): a cost that grows with the permits would be in the hundreds.</summary>
    private const double MaxTimes = 10;

    private readonly string folder = Directory.CreateTempSubdirectory("raise-cost-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Raising_over_many_open_permits_costs_what_raising_over_none_costs()
    {
        await using var without = new SqliteStore(Path.Combine(folder, "without", "journal.db"));
        await using var with = new SqliteStore(Path.Combine(folder, "with", "journal.db"));
        await without.OpenAsync(CancellationToken.None);
        await with.OpenAsync(CancellationToken.None);
        await using var few = new TurnExecutor(without, new EngineOptions());
        await using var full = new TurnExecutor(with, new EngineOptions());
        var book = new PermitBook(full);
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Permits, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (number, _) =>
            await OkAsync(book.RequestAsync(new RequestPermit("restart", $"s{number}", Seconds: 60), By($"@a{number % 1000}"))));
        var granting = Stopwatch.GetElapsedTime(began);
        // In turns, so that both meet the same load of the machine.
        var (of, over) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var i = 0; i < Raises; i++)
        {
            of.Add(await RaiseAsync(few, i));
            over.Add(await RaiseAsync(full, i));
        }

        var (none, many) = (of.Order().ElementAt(Raises / 2), over.Order().ElementAt(Raises / 2));
        output.WriteLine(
            $"median of {Raises} raises: {none.TotalMilliseconds:0.00} ms over no permit, {many.TotalMilliseconds:0.00} ms over {Permits} open ones; "
            + $"{Permits / granting.TotalSeconds:0} grants/s");
        Assert.True(many < none * MaxTimes, $"{many.TotalMilliseconds} ms instead of {none.TotalMilliseconds} ms");
    }

    private static async Task<TimeSpan> RaiseAsync(TurnExecutor turns, int number)
    {
        var halt = new HaltActor($"HLT-{number}", turns, new SilentNodes());
        var began = Stopwatch.GetTimestamp();
        await OkAsync(halt.DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
        var took = Stopwatch.GetElapsedTime(began);
        await OkAsync(halt.DoAsync(new LiftHalt(), By("@operator")));
        return took;
    }

    private sealed class SilentNodes : Engine.Nodes.INodes
    {
        public ValueTask<System.Collections.Immutable.ImmutableArray<NodeConfirmation>> OfAsync(string haltId) => new([]);

        public ValueTask<(int Alive, int Silent)> CountAsync() => new((1, 0));
    }
}
