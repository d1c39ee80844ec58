using System.Collections.Immutable;

namespace IncidentActors.Engine.Telemetry;

/// <summary>How a metric is measured.</summary>
public enum MetricInstrument
{
    /// <summary>Only grows while the process lives.</summary>
    Counter,

    /// <summary>What is so now.</summary>
    Gauge,

    /// <summary>A histogram of values.</summary>
    Histogram,
}

/// <summary>One metric: what the instruments are made from, and what the table of <c>docs/TELEMETRY.md</c> says.</summary>
/// <param name="Name">By OpenTelemetry's conventions: <c>incident.commit.duration</c>.</param>
/// <param name="Unit">UCUM: <c>s</c>, <c>1</c>, or what is counted in braces.</param>
/// <param name="Labels">Names of its attributes; all of their values are known beforehand, or bounded by files of the configuration.</param>
/// <param name="Buckets">Upper bounds of a histogram's buckets, in <paramref name="Unit"/>.</param>
public sealed record Metric(
    string Name, MetricInstrument Instrument, string Unit, string Meaning, ImmutableArray<string> Labels, ImmutableArray<double> Buckets = default);
