using System.Diagnostics.Metrics;
using System.Text;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Metrics;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>The text format, to the letter.</summary>
public sealed class PrometheusTextTests
{
    [Theory]
    [InlineData("incident.open", MetricInstrument.Gauge, "{incident}", "incident_open")]
    [InlineData("incident.commit.duration", MetricInstrument.Histogram, "s", "incident_commit_duration_seconds")]
    [InlineData("incident.turns", MetricInstrument.Counter, "{turn}", "incident_turns_total")]
    public void Names_are_as_a_collector_would_make_them(string name, MetricInstrument instrument, string unit, string prometheus) =>
        Assert.Equal(prometheus, PrometheusText.NameOf(new Metric(name, instrument, unit, "", [])));

    [Fact]
    public void Texts_are_escaped()
    {
        var metric = new Metric("a.b", MetricInstrument.Gauge, "{x}", "a \\ and\na \"line\"", ["of.what"]);
        var text = new StringBuilder();
        PrometheusText.WriteHead(text, metric);
        PrometheusText.WriteValue(text, metric, "back\\slash, \"quote\",\nline", 1.5);
        Assert.Equal(
            """
            # HELP a_b a \\ and\na "line"
            # TYPE a_b gauge
            a_b{of_what="back\\slash, \"quote\",\nline"} 1.5

            """,
            text.ToString());
    }

    [Fact]
    public void Buckets_are_summed_up_and_end_with_infinity()
    {
        var text = new StringBuilder();
        PrometheusText.WriteHistogram(text, new Metric("a.wait", MetricInstrument.Histogram, "s", "", [], [0.5, 1]), null, [2, 0, 3], 7.25);
        Assert.Equal(
            """
            a_wait_seconds_bucket{le="0.5"} 2
            a_wait_seconds_bucket{le="1"} 2
            a_wait_seconds_bucket{le="+Inf"} 5
            a_wait_seconds_sum 7.25
            a_wait_seconds_count 5

            """,
            text.ToString());
    }

    [Fact]
    public void What_is_measured_is_added_up_and_only_this_nodes()
    {
        using var other = new NodeMetrics("memory");
        using var metrics = new NodeMetrics("sqlite");
        using var scraping = new Scraping(metrics);
        var seen = 3d;
        metrics.Gauge(MetricCatalogue.QueueLength, () => seen > 0 ? [new Measurement<double>(seen)] : []);
        metrics.Committed(1, TimeSpan.FromMilliseconds(1));
        metrics.Committed(7, TimeSpan.FromMilliseconds(30));
        other.Committed(100, TimeSpan.FromSeconds(1));
        var text = scraping.Read();
        Assert.Contains("incident_queue_length 3\n", text, StringComparison.Ordinal);

        // A value that equals a bound is in that bound's bucket.
        Assert.Contains("incident_commit_duration_seconds_bucket{db_system_name=\"sqlite\",le=\"0.001\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("incident_commit_duration_seconds_bucket{db_system_name=\"sqlite\",le=\"0.0005\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("incident_commit_duration_seconds_count{db_system_name=\"sqlite\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("incident_commit_size_sum 8\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("memory", text, StringComparison.Ordinal);

        seen = 0;
        Assert.DoesNotContain("incident_queue_length", scraping.Read(), StringComparison.Ordinal);
    }
}
