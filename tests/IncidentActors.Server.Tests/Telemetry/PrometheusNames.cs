using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>
/// How Prometheus calls a metric, by OpenTelemetry's rules: <c>incident.commit.duration</c> in seconds is <c>incident_commit_duration_seconds</c>,
/// and counters end in <c>_total</c>. Dashboards and alert rules use these names.
/// </summary>
internal static class PrometheusNames
{
    public static string Of(Metric metric)
    {
        var name = metric.Name.Replace('.', '_');
        if (metric.Unit == "s") name += "_seconds";
        return metric.Instrument == MetricInstrument.Counter ? name + "_total" : name;
    }

    /// <summary>The lines of a scrape that are this program's, for tools that check names: libraries choose their own.</summary>
    public static string Own(string scrape) => string.Concat(
        scrape.Split('\n')
            .Where(line => line.Replace("# HELP ", "").Replace("# TYPE ", "").StartsWith("incident_", StringComparison.Ordinal))
            .Select(line => line + "\n"));
}
