using System.Diagnostics;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Metrics;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Tests.Metrics;

public class MetricsTests
{
    private static readonly DateTimeOffset Now = GeneratedYear.Start.AddDays(360);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_metric_equals_its_formula_over_all_and_in_every_slice(int seed)
    {
        var (incidents, atps) = GeneratedYear.Of(300, seed);
        var report = MetricsCalculation.Of(incidents, atps, FlowSet.Shipped, new Policy(), Now);
        var naive = new NaiveMetrics(incidents, atps, Now);

        foreach (var metric in report.Metrics) Same(naive.Of(metric.Id, _ => true), metric.Value, metric.Id);
        Slices(report.ByWeek, one => MetricsCalculation.Week(one.DeclaredAt));
        Slices(report.BySeverity, one => one.Severity.Name());
        Slices(report.ByCategory, one => one.Category.ToString().ToLowerInvariant());

        void Slices(IEnumerable<MetricSlice> slices, Func<IncidentState, string> key)
        {
            foreach (var slice in slices)
            {
                foreach (var value in slice.Values) Same(naive.Of(value.Id, one => key(one) == slice.Key), value.Value, $"{value.Id} of {slice.Key}");
            }
        }
    }

    [Fact]
    public void A_year_of_ten_thousand_incidents_takes_less_than_a_second()
    {
        var (incidents, atps) = GeneratedYear.Of(10_000, 7);
        var best = Enumerable.Range(0, 3).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            Assert.InRange(MetricsCalculation.Of(incidents, atps, FlowSet.Shipped, new Policy(), Now).ByWeek.Length, 52, 54);
            return watch.Elapsed;
        });

        Assert.True(best < TimeSpan.FromSeconds(1), $"{best.TotalMilliseconds:0} ms");
    }

    [Fact]
    public void Over_a_year_of_ten_thousand_every_metric_equals_its_formula()
    {
        var (incidents, atps) = GeneratedYear.Of(10_000, 7);
        var naive = new NaiveMetrics(incidents, atps, Now);

        foreach (var metric in MetricsCalculation.Of(incidents, atps, FlowSet.Shipped, new Policy(), Now).Metrics)
            Same(naive.Of(metric.Id, _ => true), metric.Value, metric.Id);
    }

    [Fact]
    public void Wrong_clocks_are_named_and_stand_in_no_figure()
    {
        var (incidents, atps) = GeneratedYear.Of(1000, 3);
        var report = MetricsCalculation.Of(incidents, atps, FlowSet.Shipped, new Policy(), Now);

        Assert.Equal(incidents.Where(one => one.ResolvedAt < one.StartedAt && one.Status != IncidentStatus.Canceled).Select(one => one.Id), report.WrongClocks);
        Assert.NotEmpty(report.WrongClocks);
        Assert.Equal(incidents.Count(one => one.Status != IncidentStatus.Canceled), report.Incidents + report.WrongClocks.Length);
    }

    [Fact]
    public void Nothing_gives_no_value_rather_than_zero()
    {
        var report = MetricsCalculation.Of([], [], FlowSet.Shipped, new Policy(), Now);

        Assert.All(report.Metrics, metric => Assert.Null(metric.Value));
        Assert.Equal(
            ["mttd", "mtta", "mttm", "mttr", "frequency", "repeats", "prevention", "rollback", "follow-ups", "under-one-hour", "response"],
            report.Metrics.Select(metric => metric.Id));
    }

    [Theory]
    [InlineData("rollback", 0.05)]
    [InlineData("follow-ups", 1.0)]
    public void The_targets_are_those_of_seed_004(string metric, double target) =>
        Assert.Equal(target, MetricDefinitions.All.Single(one => one.Id == metric).Target);

    private static void Same(double? expected, double? actual, string what)
    {
        Assert.True(expected is null == actual is null, $"{what}: {expected} and {actual}");
        if (expected is { } value) Assert.True(Math.Abs(value - actual!.Value) < 1e-9, $"{what}: {expected} and {actual}");
    }
}
