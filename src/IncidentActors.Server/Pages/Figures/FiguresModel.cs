using System.Collections.Immutable;
using IncidentActors.Core.Metrics;
using IncidentActors.Server.Metrics.Plots;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Figures;

/// <summary>The metrics by week.</summary>
/// <param name="Weeks">How many are shown, up to now.</param>
public sealed record FiguresModel(ImmutableArray<WeeklyFigure> Figures, MetricsReport Report, int Weeks)
{
    public static readonly ImmutableArray<int> Spans = [13, 26, 52];

    internal static async Task<FiguresModel> ReadAsync(PageRequest request)
    {
        var weeks = int.TryParse(request.Query("weeks"), out var asked) && Spans.Contains(asked) ? asked : Spans[0];
        var report = await request.Engine.Metrics.ReadAsync(request.Aborted);
        return new FiguresModel([.. MetricDefinitions.All.Select(definition => WeeklyFigure.Of(definition, report, request.Now, weeks))], report, weeks);
    }
}
