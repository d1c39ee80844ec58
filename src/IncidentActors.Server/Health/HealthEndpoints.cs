using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Health;

internal static class HealthEndpoints
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", (RunningEngine engine) => Answer.Json(new HealthView("alive", engine.Kind, engine.Journal.Description)))
            .Read<HealthView>("Health", "200 when the process is alive.");
        app.MapGet("/readyz", ReadyAsync)
            .Read<HealthView>("Health", "200 when turns can be committed.");
    }

    private static async Task<IResult> ReadyAsync(RunningEngine engine, HttpContext http)
    {
        try
        {
            await engine.Journal.PingAsync(http.RequestAborted).WaitAsync(Longest, http.RequestAborted);
            return Answer.Json(new HealthView("ready", engine.Kind, engine.Journal.Description));
        }
        catch (TimeoutException)
        {
            throw new JournalUnavailableException($"{engine.Journal.Description} does not answer.", notApplied: true);
        }
    }
}

/// <param name="Journal">Where the data is; never a password.</param>
public sealed record HealthView(string Status, string Engine, string Journal);
