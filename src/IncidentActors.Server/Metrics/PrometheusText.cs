using System.Globalization;
using System.Text;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Server.Metrics;

/// <summary>
/// Prometheus' text format 0.0.4. Names follow OpenTelemetry's rules for Prometheus, so that a metric is called the same whether it
/// was scraped here or came by way of a collector.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary><c>incident.commit.duration</c> in seconds is <c>incident_commit_duration_seconds</c>; counters end in <c>_total</c>.</summary>
    public static string NameOf(Metric metric)
    {
        var name = metric.Name.Replace('.', '_');
        if (metric.Unit == "s") name += "_seconds";
        return metric.Instrument == MetricInstrument.Counter ? name + "_total" : name;
    }

    public static string LabelOf(string attribute) => attribute.Replace('.', '_');

    public static void WriteHead(StringBuilder to, Metric metric)
    {
        var name = NameOf(metric);
        to.Append("# HELP ").Append(name).Append(' ');
        Escaped(to, metric.Meaning, quotes: false);
        to.Append("\n# TYPE ").Append(name).Append(' ').Append(metric.Instrument.ToString().ToLowerInvariant()).Append('\n');
    }

    public static void WriteValue(StringBuilder to, Metric metric, string? label, double value)
    {
        to.Append(NameOf(metric));
        Labels(to, metric, label, null);
        to.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <param name="counts">Per bucket, not summed up; the last is the one above all bounds.</param>
    public static void WriteHistogram(StringBuilder to, Metric metric, string? label, IReadOnlyList<long> counts, double sum)
    {
        var name = NameOf(metric);
        var total = 0L;
        for (var i = 0; i < counts.Count; i++)
        {
            total += counts[i];
            to.Append(name).Append("_bucket");
            Labels(to, metric, label, i < metric.Buckets.Length ? Number(metric.Buckets[i]) : "+Inf");
            to.Append(' ').Append(Number(total)).Append('\n');
        }

        to.Append(name).Append("_sum");
        Labels(to, metric, label, null);
        to.Append(' ').Append(Number(sum)).Append('\n').Append(name).Append("_count");
        Labels(to, metric, label, null);
        to.Append(' ').Append(Number(total)).Append('\n');
    }

    private static void Labels(StringBuilder to, Metric metric, string? label, string? bound)
    {
        if (label is null && bound is null) return;
        to.Append('{');
        if (label is not null)
        {
            to.Append(LabelOf(metric.Labels[0])).Append("=\"");
            Escaped(to, label, quotes: true);
            to.Append('"');
            if (bound is not null) to.Append(',');
        }

        if (bound is not null) to.Append("le=\"").Append(bound).Append('"');
        to.Append('}');
    }

    private static void Escaped(StringBuilder to, string text, bool quotes)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => to.Append(@"\\"),
                '\n' => to.Append(@"\n"),
                '"' when quotes => to.Append("\\\""),
                _ => to.Append(c),
            };
        }
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
