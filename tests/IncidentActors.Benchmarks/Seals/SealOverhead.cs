using IncidentActors.Benchmarks.Telemetry;
using IncidentActors.Benchmarks.Turns;
using IncidentActors.Engine;
using IncidentActors.Engine.Seals;
using IncidentActors.Storage.Sqlite;
using IncidentActors.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Benchmarks.Seals;

/// <summary>The same turns with and without the sealer, in turns, so that what else the machine does hits both alike. The time until the last event is
/// sealed counts too.</summary>
internal static class SealOverhead
{
    private const int Rounds = 7;
    private const int Agents = 1000;
    private const int TurnsEach = 60;

    public static async Task RunAsync()
    {
        TimeSpan? every = new EngineOptions().SealInterval;
        await RoundAsync(null);
        await RoundAsync(every);
        var rounds = new List<(Figure Off, Figure On)>();
        for (var i = 0; i < Rounds; i++) rounds.Add((await RoundAsync(null), await RoundAsync(every)));
        var ratio = Median(rounds.Select(round => round.On.PerSecond / round.Off.PerSecond));
        var (off, on) = (Median(rounds.Select(round => round.Off.Cpu)), Median(rounds.Select(round => round.On.Cpu)));
        Table.Row("not sealed", Median(rounds.Select(round => round.Off.PerSecond)), "turns/s", $"{off:0.0} µs of processor time per turn");
        Table.Row(
            "sealed each second", Median(rounds.Select(round => round.On.PerSecond)), "turns/s",
            $"{100 * (ratio - 1):+0.0;-0.0;0.0} % beside not sealed (aim ≥ -5 %), {on:0.0} µs of processor time per turn");
    }

    private static async Task<Figure> RoundAsync(TimeSpan? every)
    {
        using var folder = new TemporaryFolder();
        var options = new EngineOptions { SealInterval = every };
        await using var journal = new SqliteStore(folder.File("journal.db"));
        await journal.OpenAsync(CancellationToken.None);
        await using var engine = new InProcessActors(journal, options, NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => Load.BeginAsync(engine, agent)));
        await using var sealer = new Sealer(journal, options, NullLogger.Instance);
        return await Figure.OfAsync(Agents * TurnsEach, async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => Load.WorkAsync(engine, agent, TurnsEach)));
            await sealer.DisposeAsync();
        });
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
