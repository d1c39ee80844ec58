using System.Diagnostics;
using IncidentActors.Benchmarks.Turns;
using IncidentActors.Engine;
using IncidentActors.Storage.Sqlite;
using IncidentActors.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Benchmarks.Start;

/// <summary>From the start of a new server process to its first "ready": on an empty folder, on one that is in use, and after SIGKILL on a
/// journal of a million events.</summary>
internal static class ColdStart
{
    private const int Starts = 7;
    private const int Agents = 1000;
    private const int EventsEach = 1000;

    public static async Task RunAsync()
    {
        Table.Row("start to ready, new data folder, p50", await MedianAsync(), "ms", "aim < 1,000");
        using var used = new TemporaryFolder();
        Table.Row("start to ready, the same folder again, p50", await MedianAsync(used.File("data")), "ms", "aim < 1,000");
        using var full = new TemporaryFolder();
        await FillAsync(full.File("data"));
        Table.Row($"SIGKILL to ready, {Agents * EventsEach:#,0} events, p50", await MedianAsync(full.File("data")), "ms");
    }

    private static async Task FillAsync(string data)
    {
        Directory.CreateDirectory(data);
        await using var journal = new SqliteStore(Path.Combine(data, "journal.db"));
        await journal.OpenAsync(CancellationToken.None);
        await using var engine = new InProcessActors(journal, new EngineOptions(), NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(async agent =>
        {
            await Load.BeginAsync(engine, agent);
            await Load.WorkAsync(engine, agent, EventsEach);
        }));
    }

    /// <param name="data">Kept from start to start; null: a new one each time.</param>
    private static async Task<double> MedianAsync(string? data = null)
    {
        var times = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            using var folder = new TemporaryFolder();
            await using var server = new ServerProcess("--data", data ?? folder.File("data"));
            var watch = Stopwatch.StartNew();
            await server.StartAsync();
            times.Add(watch.Elapsed.TotalMilliseconds);
            await server.KillAsync();
        }

        times.Sort();
        return Table.Percentile(times, 0.5);
    }
}
