using IncidentActors.Server.Hosting;
using IncidentActors.Server.Problems;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncidentActors.Server.Health;

/// <summary>For probes, without a token: the answers contain nothing that needs authentication.</summary>
internal static class HealthEndpoints
{
    public static void AddHealth(this IServiceCollection services) => services.AddHealthChecks().AddCheck<StoreHealthCheck>("store");

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", (RunningEngine engine) => Answer.Json(HealthView.Of("alive", engine)))
            .Read<HealthView>("Health", "200 when the process is alive.").AllowAnonymous();
        app.MapGet("/readyz", ReadyAsync)
            .Read<HealthView>("Health", "200 when turns can be committed.").AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(RunningEngine engine, HealthCheckService checks, HttpContext http)
    {
        var report = await checks.CheckHealthAsync(http.RequestAborted);
        return report.Status == HealthStatus.Healthy
            ? Answer.Json(HealthView.Of("ready", engine))
            : Answer.Of(StoreHealthCheck.Away);
    }
}

/// <param name="Engine">Always <c>orleans</c>.</param>
/// <param name="Journal">The kind of store: <c>sqlite</c> or <c>postgresql</c>. Where it is, the log says.</param>
public sealed record HealthView(string Status, string Engine, string Journal)
{
    internal static HealthView Of(string status, RunningEngine engine) => new(status, "orleans", engine.Journal.SystemName);
}
