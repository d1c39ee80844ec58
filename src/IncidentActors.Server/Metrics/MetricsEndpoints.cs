using IncidentActors.Core.Metrics;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Metrics;

internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/metrics", async (RunningEngine engine, HttpContext http) => Answer.Json(await engine.Metrics.ReadAsync(http.RequestAborted)))
            .Read<MetricsReport>("Metrics", "Every figure with its formula, target and value, by week, severity and category.");
}
