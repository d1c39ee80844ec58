using System.Collections.Immutable;
using System.Diagnostics;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Journal.Sqlite;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Metrics;
using IncidentActors.Server.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Benchmarks.Telemetry;

/// <summary>
/// The same turns on SQLite with nobody listening, with Prometheus' scraping, and with everything exported to a collector; in turns, so that
/// what else the machine does hits all alike. Two kinds of work: notes on ordinary ATPs (figures only), and ATPs of an incident that move from
/// state to state (each such turn is a span as well).
/// </summary>
internal static class TelemetryOverhead
{
    private const int Agents = 1000;
    private const int TurnsEach = 30;
    private const int Rounds = 7;

    private static readonly string[] Ways = ["off", "scraped", "exported"];

    public static async Task RunAsync()
    {
        await using var collector = await DrainingCollector.StartAsync();
        foreach (var (work, moves) in new[] { ("notes", false), ("moves of an incident's ATPs", true) })
        {
            var figures = Ways.ToDictionary(way => way, _ => new List<(double PerSecond, double Cpu)>());
            await RoundAsync("off", moves, collector);
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var way in Ways) figures[way].Add(await RoundAsync(way, moves, collector));
            }

            foreach (var way in Ways)
            {
                var beside = Median(figures[way].Zip(figures["off"], (figure, off) => figure.PerSecond / off.PerSecond));
                Table.Row(
                    $"{work}, {way}", Median(figures[way].Select(figure => figure.PerSecond)), "turns/s",
                    $"{100 * (beside - 1):+0.0;-0.0;0.0} % beside off in the same round, {Median(figures[way].Select(figure => figure.Cpu)):0.0} µs of processor time per turn");
            }
        }

        Table.Row("requests that the collector got", collector.Requests, "", $"{collector.Bytes / 1024.0:#,0} KiB");
    }

    private static async Task<(double PerSecond, double Cpu)> RoundAsync(string way, bool moves, DrainingCollector collector)
    {
        using var folder = new TemporaryFolder();
        await using var journal = new SqliteJournal(folder.File("engine.db"));
        await journal.OpenAsync(CancellationToken.None);
        var options = new EngineOptions();
        await using var engine = new EmbeddedEngine(journal, options, NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        using var scraping = way == "off" ? null : new Scraping(engine.Turns.Metrics);
        using var exporting = way == "exported" ? Exporting.Start(new ServerOptions { Otlp = new Uri(collector.Url) }, options.Node) : null;
        await using var traces = way == "exported" ? new IncidentTraces(engine.Turns, journal, NullLogger.Instance) : null;
        await BeginAsync(engine, moves);

        var cpu = Table.Cpu;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => WorkAsync(engine, agent, moves)));
        var seconds = watch.Elapsed.TotalSeconds;
        const int Turns = Agents * TurnsEach;
        return (Turns / seconds, (Table.Cpu - cpu).TotalMilliseconds * 1000 / Turns);
    }

    private static async Task BeginAsync(EmbeddedEngine engine, bool moves)
    {
        var incident = moves ? await DeclareAsync(engine) : null;
        for (var agent = 0; agent < Agents; agent++)
            Must(await engine.Atp($"AT-{agent}").DoAsync(new CreateAtp($"work {agent}", "task", "standard", incident, null, null, null, $"@a{agent}"), By(agent)));
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(async agent =>
            Must(await engine.Atp($"AT-{agent}").DoAsync(new SetAtp("InProgress", null, null, null, null, []), By(agent)))));
    }

    private static async Task WorkAsync(EmbeddedEngine engine, int agent, bool moves)
    {
        for (var turn = 0; turn < TurnsEach; turn++)
        {
            var set = moves
                ? new SetAtp(turn % 2 == 0 ? "Blocked" : "InProgress", null, null, null, null, [])
                : new SetAtp(null, $"note {turn} of agent {agent}", null, null, null, []);
            Must(await engine.Atp($"AT-{agent}").DoAsync(set, By(agent)));
        }
    }

    private static async Task<string> DeclareAsync(EmbeddedEngine engine)
    {
        var declare = new DeclareIncident("slow", Severity.Sev3, null, null, null, ImmutableSortedDictionary<string, string>.Empty, "api", null, null, []);
        return Must(await engine.Declarations.DeclareAsync(declare, By(0))).Answer.GetProperty("id").GetString()!;
    }

    private static Call By(int agent) => new() { At = default, Seed = "", By = $"@a{agent}" };

    private static Accepted Must(Outcome outcome) => outcome as Accepted ?? throw new InvalidOperationException(outcome.ToString());

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
