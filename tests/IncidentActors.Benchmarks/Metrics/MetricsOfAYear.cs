using System.Diagnostics;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Metrics;
using IncidentActors.Core.Policies;
using IncidentActors.Core.Tests.Metrics;

namespace IncidentActors.Benchmarks.Metrics;

/// <summary>
/// Every metric over a generated year, whole and by week, severity and category,
/// beside the naive second computation that the tests compare it with.
/// </summary>
internal static class MetricsOfAYear
{
    private const int Incidents = 10_000;
    private const int Times = 7;

    public static Task RunAsync()
    {
        var (incidents, atps) = GeneratedYear.Of(Incidents, 7);
        var now = GeneratedYear.Start.AddDays(360);
        var policy = new Policy();
        var fast = Enumerable.Range(0, Times).Select(_ => Time(() => MetricsCalculation.Of(incidents, atps, FlowSet.Shipped, policy, now))).Order().ToList();
        var naive = new NaiveMetrics(incidents, atps, now);
        var slow = Time(() =>
        {
            foreach (var metric in MetricDefinitions.All) naive.Of(metric.Id, _ => true);
        });
        Table.Row($"{Incidents:N0} incidents with {atps.Length:N0} ATPs, whole and in every slice, median", fast[Times / 2], "ms");
        Table.Row("naive, whole only", slow, "ms");
        Table.Row("naive beside it", slow / fast[Times / 2], "×");
        return Task.CompletedTask;
    }

    private static double Time(Action work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
