using System.Collections.Immutable;
using System.Globalization;
using IncidentActors.Core.Metrics;

namespace IncidentActors.Server.Metrics.Plots;

/// <param name="Week"><c>2026-W47</c>.</param>
/// <param name="Value">Null: there was nothing to compute it from.</param>
/// <param name="Samples">From how many incidents, hotfixes or follow-ups.</param>
public readonly record struct WeekValue(string Week, double? Value, double Samples);

/// <summary>One metric by week, as it is plotted and as its table says it.</summary>
/// <param name="Total">Over everything, not only the weeks that are shown.</param>
public sealed record WeeklyFigure(MetricDefinition Definition, MetricTotal Total, ImmutableArray<WeekValue> Weeks)
{
    public double? Target => Definition.Target;

    /// <summary>The last weeks up to now, those without any incident too.</summary>
    public static WeeklyFigure Of(MetricDefinition definition, MetricsReport report, DateTimeOffset now, int weeks)
    {
        var known = report.ByWeek.ToDictionary(slice => slice.Key);
        var values = Enumerable.Range(0, weeks).Select(back => MetricsCalculation.Week(now.AddDays(-7 * (weeks - 1 - back)))).Select(week =>
        {
            if (known.TryGetValue(week, out var slice) && slice.Values.FirstOrDefault(value => value.Id == definition.Id) is { } value)
                return new WeekValue(week, value.Value, value.Samples);
            var nothing = definition.Kind is MetricKind.Count or MetricKind.PerWeek ? 0 : (double?)null;
            return new WeekValue(week, nothing, 0);
        });
        return new WeeklyFigure(definition, report.Metrics.First(total => total.Id == definition.Id), [.. values]);
    }

    /// <summary>The value misses the target.</summary>
    public bool Misses(double value) => Target is { } target && (Definition.AtLeast ? value < target : value >= target);

    /// <summary><c>12 min</c>, <c>4.5 %</c>, <c>3</c>; a dash where there is nothing.</summary>
    public string Text(double? value) => value switch
    {
        null => "–",
        { } some when Definition.Kind == MetricKind.MeanMinutes => Minutes(some),
        { } some when Definition.Kind == MetricKind.Share => $"{Number(some * 100)} %",
        { } some => Number(some),
    };

    public string? TargetText => Target is { } target ? $"{(Definition.AtLeast ? "at least" : "under")} {Text(target)}" : null;

    private static string Minutes(double minutes) => minutes switch
    {
        < 1 and > 0 => $"{Number(minutes * 60)} s",
        >= 2880 => $"{Number(minutes / 1440)} d",
        >= 120 => $"{Number(minutes / 60)} h",
        _ => $"{Number(minutes)} min",
    };

    private static string Number(double number) => number.ToString(Math.Abs(number) < 10 ? "0.##" : "0", CultureInfo.InvariantCulture);
}
