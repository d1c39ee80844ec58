using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace IncidentActors.Core.Metrics;

/// <param name="Value">Minutes, a share between 0 and 1, or a number; null: nothing to compute it from.</param>
/// <param name="Samples">From how many incidents, hotfixes or follow-ups.</param>
public sealed record MetricValue(string Id, double? Value, double Samples);

/// <param name="Met">The target is met; null: no target, or no value.</param>
public sealed record MetricTotal(
    string Id, string Name, string Unit, string Formula, double? Value, double Samples, double? Target,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] bool? Met);

/// <param name="Key"><c>2026-W47</c>, <c>SEV-1</c>, <c>security</c>.</param>
public sealed record MetricSlice(string Key, int Incidents, ImmutableArray<MetricValue> Values);

/// <param name="WrongClocks">Incidents with contradictory times: listed here, left out of all metrics.</param>
public sealed record MetricsReport(
    int Incidents, ImmutableArray<MetricTotal> Metrics, ImmutableArray<MetricSlice> ByWeek, ImmutableArray<MetricSlice> BySeverity,
    ImmutableArray<MetricSlice> ByCategory, ImmutableArray<string> WrongClocks);
