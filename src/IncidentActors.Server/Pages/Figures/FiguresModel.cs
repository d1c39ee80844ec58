using System.Collections.Immutable;
using IncidentActors.Core.Metrics;
using IncidentActors.Server.Metrics.Plots;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Figures;

/// <summary>The metrics by week.</summary>
/// <param name="Weeks">How many were asked for, up to now; those before the first incident are not drawn.</param>
public sealed record FiguresModel(ImmutableArray<WeeklyFigure> Figures, MetricsReport Report, int Weeks)
{
    /// <summary>So that a single week is seen beside others.</summary>
    private const int MinWeeks = 4;

    public static readonly ImmutableArray<int> Spans = [13, 26, 52];

    internal static async Task<FiguresModel> ReadAsync(PageRequest request)
    {
        var weeks = int.TryParse(request.Query("weeks"), out var asked) && Spans.Contains(asked) ? asked : Spans[0];
        var report = await request.Engine.Metrics.ReadAsync(request.Aborted);
        var known = report.ByWeek.Select(slice => slice.Key).ToHashSet();
        var drawn = Math.Max(
            MinWeeks, 1 + Enumerable.Range(0, weeks).LastOrDefault(back => known.Contains(MetricsCalculation.Week(request.Now.AddDays(-7 * back)))));
        return new FiguresModel([.. MetricDefinitions.All.Select(definition => WeeklyFigure.Of(definition, report, request.Now, drawn))], report, weeks);
    }
}
