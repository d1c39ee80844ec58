using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Tokens;
using Orleans.Dashboard;

namespace IncidentActors.Server.Telemetry;

/// <summary>Orleans' own dashboard: silos, activations, calls by method. For the operator and the owner.</summary>
internal static class SiloDashboard
{
    private const string Path = "/silos";
    private const int SampleMilliseconds = 5000;

    /// <summary>Log lines are not shown: they have places of their own.</summary>
    public static void AddSiloDashboard(this IHostApplicationBuilder host) => host.UseOrleans(silo => silo.AddDashboard(dashboard =>
    {
        dashboard.HideTrace = true;
        dashboard.CounterUpdateIntervalMs = SampleMilliseconds;
    }));

    public static void MapSiloDashboard(this IEndpointRouteBuilder app) =>
        app.MapOrleansDashboard(Path).AsPage().ForAdministrators().AddEndpointFilter(async (call, next) =>
        {
            try
            {
                return await next(call);
            }
            catch (Exception error) when ((error.InnerException ?? error) is FormatException)
            {
                // The dashboard reads a silo's address from the path and has no answer to a text that is none.
                return TypedResults.NotFound();
            }
        });
}
