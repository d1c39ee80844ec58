using IncidentActors.Core.Metrics;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Telemetry;

namespace IncidentActors.Server.Metrics;

internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/metrics", async (RunningEngine engine, HttpContext http) => Answer.Json(await engine.Metrics.ReadAsync(http.RequestAborted)))
            .Read<MetricsReport>("Metrics", "Every figure with its formula, target and value, by week, severity and category.");
        app.MapGet("/metrics", ScrapeAsync).WithTags("Metrics")
            .WithSummary("This node's and the journal's figures in Prometheus' text format.").Produces<string>(contentType: "text/plain");
    }

    private static async Task<IResult> ScrapeAsync(NodeTelemetry telemetry, HttpContext http)
    {
        await telemetry.Gauges.RefreshAsync(http.RequestAborted);
        return Results.Text(telemetry.Scraping.Read(), PrometheusText.ContentType);
    }
}
