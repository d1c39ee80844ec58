namespace IncidentActors.Benchmarks.Telemetry;

/// <summary>
/// The same work with nobody listening, measured, and with spans exported to a collector as well; in turns, so that what else
/// the machine does hits all alike. The collector runs in this process, so its work is counted too.
/// </summary>
internal static class TelemetryOverhead
{
    private const int Rounds = 5;

    public static async Task RunAsync()
    {
        await using var collector = await DrainingCollector.StartAsync();
        await CompareAsync("notes on ordinary ATPs", ["off", "measured", "exported"], way => EngineWork.RoundAsync(way, spanEvery: 0, collector));
        await CompareAsync("tool calls over HTTP, a span each", ["off", "exported"], way => HttpWork.RoundAsync(way, collector));
        await CompareAsync("one turn in six is a span", ["off", "exported"], way => EngineWork.RoundAsync(way, spanEvery: 6, collector));
        await CompareAsync("every turn is a span", ["off", "exported"], way => EngineWork.RoundAsync(way, spanEvery: 1, collector));
        Table.Row("requests that the collector got", collector.Requests, "", $"{collector.Bytes / 1024.0:#,0} KiB");
    }

    private static async Task CompareAsync(string work, string[] ways, Func<string, Task<Figure>> round)
    {
        var figures = ways.ToDictionary(way => way, _ => new List<Figure>());
        foreach (var way in ways) await round(way);
        for (var i = 0; i < Rounds; i++)
        {
            foreach (var way in ways) figures[way].Add(await round(way));
        }

        foreach (var way in ways)
        {
            var beside = Median(figures[way].Zip(figures["off"], (figure, off) => figure.PerSecond / off.PerSecond));
            Table.Row(
                $"{work}, {way}", Median(figures[way].Select(figure => figure.PerSecond)), "turns/s",
                $"{100 * (beside - 1):+0.0;-0.0;0.0} % beside off, {Median(figures[way].Select(figure => figure.Cpu)):0.0} µs of processor time per turn");
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}

/// <param name="PerSecond">Turns.</param>
/// <param name="Cpu">Microseconds of processor time per turn.</param>
internal readonly record struct Figure(double PerSecond, double Cpu)
{
    /// <summary>Runs the work and measures it.</summary>
    public static async Task<Figure> OfAsync(int turns, Func<Task> work)
    {
        var cpu = Table.Cpu;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await work();
        return new Figure(turns / watch.Elapsed.TotalSeconds, (Table.Cpu - cpu).TotalMilliseconds * 1000 / turns);
    }
}
