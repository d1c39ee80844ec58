using System.Diagnostics;
using IncidentActors.Testing;

namespace IncidentActors.Benchmarks.Start;

/// <summary>From the start of a new server process to its first "ready", on an empty folder and on one that is in use.</summary>
internal static class ColdStart
{
    private const int Starts = 7;

    public static async Task RunAsync()
    {
        Table.Row("start to ready, new data folder, p50", await MedianAsync(keep: false), "ms", "aim < 1,000");
        Table.Row("start to ready, the same folder again, p50", await MedianAsync(keep: true), "ms", "aim < 1,000");
    }

    private static async Task<double> MedianAsync(bool keep)
    {
        using var kept = new TemporaryFolder();
        var times = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            using var folder = new TemporaryFolder();
            await using var server = new ServerProcess("--data", keep ? kept.File("data") : folder.File("data"));
            var watch = Stopwatch.StartNew();
            await server.StartAsync();
            times.Add(watch.Elapsed.TotalMilliseconds);
            await server.KillAsync();
        }

        times.Sort();
        return Table.Percentile(times, 0.5);
    }
}
