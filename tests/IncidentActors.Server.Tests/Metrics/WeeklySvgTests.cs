using System.Globalization;
using System.Xml.Linq;
using IncidentActors.Core.Metrics;
using IncidentActors.Server.Metrics.Plots;
using IncidentActors.Server.Tests.Cli;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Metrics;

public sealed class WeeklySvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly DateTimeOffset Now = new(2027, 1, 6, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("mttr")]
    [InlineData("rollback")]
    [InlineData("follow-ups")]
    [InlineData("frequency")]
    public void A_metric_is_drawn_as_its_file(string id)
    {
        Golden.Equal($"Golden/{id}.svg", WeeklySvg.Draw(Figure(id)) + "\n");
    }

    [Fact]
    public void Weeks_end_with_the_present_one_across_the_year_and_none_is_left_out()
    {
        var figure = Figure("mttr");
        Assert.Equal(["2026-W50", "2026-W51", "2026-W52", "2026-W53", "2027-W01"], figure.Weeks[^5..].Select(week => week.Week));
        Assert.Equal(13, figure.Weeks.Length);
        Assert.Null(figure.Weeks[^4].Value);
        Assert.Equal(0, Figure("frequency").Weeks[0].Value);
    }

    [Fact]
    public void A_missed_target_is_told_by_shape_and_the_scale_holds_every_value()
    {
        var svg = XElement.Parse(WeeklySvg.Draw(Figure("rollback")));
        var bars = svg.Descendants(Svg + "rect").ToList();
        Assert.Equal(["missed", "bar"], bars.Select(bar => bar.Attribute("class")!.Value));
        Assert.Equal(["none", "currentColor"], bars.Select(bar => bar.Attribute("fill")!.Value));
        Assert.All(bars, bar => Assert.True(Number(bar, "y") >= 16 && Number(bar, "height") > 0));
        Assert.Contains("The target is under 5 %", svg.Element(Svg + "desc")!.Value);
        Assert.All(XElement.Parse(WeeklySvg.Draw(Figure("mttr"))).Descendants(Svg + "circle"), dot => Assert.InRange(Number(dot, "cy"), 16, 148));
    }

    [Fact]
    public void Without_any_incident_the_plot_says_so()
    {
        var report = new MetricsReport(
            0,
            [.. MetricDefinitions.All.Select(one => new MetricTotal(one.Id, one.Name, "", one.Formula, null, 0, one.Target, null))],
            [],
            [],
            [],
            []);
        foreach (var definition in MetricDefinitions.All)
        {
            var svg = XElement.Parse(WeeklySvg.Draw(WeeklyFigure.Of(definition, report, Now, 13)));
            Assert.True(
                definition.Kind is MetricKind.Count or MetricKind.PerWeek
                    || svg.Element(Svg + "desc")!.Value.StartsWith("No week has a value.", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("mttr", 0.5, "30 s")]
    [InlineData("mttr", 12.34, "12 min")]
    [InlineData("mttr", 150, "2.5 h")]
    [InlineData("mttr", 4320, "3 d")]
    [InlineData("rollback", 0.045, "4.5 %")]
    [InlineData("repeats", 3, "3")]
    public void Values_are_said_in_the_unit_that_people_use(string id, double value, string text) => Assert.Equal(text, Figure(id).Text(value));

    private static WeeklyFigure Figure(string id)
    {
        var definition = MetricDefinitions.All.Single(one => one.Id == id);
        MetricSlice Week(string week, double value, double samples) => new(week, 4, [new MetricValue(id, value, samples)]);
        var (high, low) = definition.Kind switch { MetricKind.MeanMinutes => (412.0, 35.0), MetricKind.Share => (0.4, 0.0), _ => (7.0, 2.0) };
        var total = new MetricTotal(id, definition.Name, "", definition.Formula, high, 8, definition.Target, false);
        return WeeklyFigure.Of(definition, new MetricsReport(8, [total], [Week("2026-W48", high, 5), Week("2026-W50", low, 3)], [], [], []), Now, 13);
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
