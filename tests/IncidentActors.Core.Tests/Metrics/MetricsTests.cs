using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
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

    /// <summary>Seed 004: rollback rate of hotfixes. A fix that its approval sends back is rolled back; what is not an emergency was never fixed.</summary>
    [Fact]
    public void A_rejected_fix_is_rolled_back_and_what_was_no_emergency_is_no_hotfix()
    {
        var stage = new Stage();
        var (_, fine) = stage.Declared(Play.Declare() with { Flow = "emergency-hotfix" });
        stage.Do(fine, new CreateArtifact("ImpactAssessment", "i", "minor", "non-critical"), "@planner");
        stage.Do(fine, new ChangeStatus("Assessed"), "@planner");
        Assert.Equal("StandardBugFix", stage.Atp(fine).Status);
        Assert.Null(Rollback(stage).Value);

        var (_, sent) = stage.Declared(Play.Declare("Another one") with { Flow = "emergency-hotfix" });
        Play.UpToApproval(stage, sent);
        stage.Do(sent, new SettleApproval(stage.Atp(sent).Approvals[^1].Id, new DecideApproval(false)), "@approval-manager");
        stage.Do(sent, new CreateArtifact("RollbackRecord", "r", "## What failed\napproval\n## Restored\nyes"), "@fix");
        stage.Do(sent, new ChangeStatus("Escalated"), "@fix");
        stage.Do(sent, new ChangeStatus("IncidentResponse"), "@dev");
        Assert.Equal((1d, 1d), (Rollback(stage).Value, Rollback(stage).Samples));
    }

    /// <summary>Seed 002: a review that says no sends back what was never deployed; nothing is rolled back by it.</summary>
    [Fact]
    public void A_review_that_says_no_rolls_nothing_back()
    {
        var rows = FlowSet.Shipped.Find("critical-response")!;
        Assert.False(rows.LeadsBack(new HistoryEntry(1, 5, "HotfixReady", "Mitigated", "Approval rejected", "system", "@qa", Now, null, true, [])));
        Assert.True(rows.LeadsBack(new HistoryEntry(1, 9, "Deployed", "Mitigated", "Not resolved", "external", "@sre", Now, null, false, [])));
        Assert.False(rows.LeadsBack(new HistoryEntry(1, 3, "Assessed", "Mitigated", "Bleeding stopped", "external", "@sre", Now, null, false, [])));
    }

    private static MetricTotal Rollback(Stage stage) =>
        MetricsCalculation.Of(stage.All<IncidentState>(), stage.All<AtpState>(), FlowSet.Shipped, new Policy(), stage.Now.AddDays(1))
            .Metrics.First(metric => metric.Id == "rollback");

    [Fact]
    public void Over_a_year_of_ten_thousand_every_metric_equals_its_formula()
    {
        var (incidents, atps) = GeneratedYear.Of(10_000, 7);
        var naive = new NaiveMetrics(incidents, atps, Now);

        var report = MetricsCalculation.Of(incidents, atps, FlowSet.Shipped, new Policy(), Now);
        Assert.InRange(report.ByWeek.Length, 52, 54);
        foreach (var metric in report.Metrics) Same(naive.Of(metric.Id, _ => true), metric.Value, metric.Id);
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
            ["mttd", "mtta", "mttm", "mttr", "frequency", "repeats", "prevention", "rollback", "follow-ups", "under-one-hour", "response", "false-alarms"],
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
