using IncidentActors.Core.Metrics;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Metrics;

internal static class MetricsEndpoints
{
    private const string ScrapePath = "/metrics";

    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/metrics", async (RunningEngine engine, HttpContext http) => Answer.Json(await engine.Metrics.ReadAsync(http.RequestAborted)))
            .Read<MetricsReport>("Metrics", "Every figure with its formula, target and value, by week, severity and category.");
        app.MapPrometheusScrapingEndpoint(ScrapePath, meterProvider: null, ReadGauges, optionsName: null)
            .WithTags("Metrics").WithSummary("This node's and the journal's figures, for Prometheus.");
    }

    /// <summary>Gauges show what is so when Prometheus asks.</summary>
    private static void ReadGauges(IApplicationBuilder scrape)
    {
        var gauges = scrape.ApplicationServices.GetRequiredService<NodeGauges>();
        scrape.Use(async (http, next) =>
        {
            await gauges.RefreshAsync(http.RequestAborted);
            await next(http);
        });
    }
}
