using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tools;

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
        app.MapGet("/api/metrics", MetricsAsync)
            .Read<FiguresView>("Health", "What is open at this moment, counted; at most 1000 of each.");
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

    private static async Task<IResult> MetricsAsync(RunningEngine engine)
    {
        var incidents = await engine.Journal.ListAsync(Open(ActorKind.Incident), CancellationToken.None);
        var halts = await engine.Journal.ListAsync(Open(ActorKind.Halt), CancellationToken.None);
        var approvals = await engine.Journal.ListAsync(Open(ActorKind.Approval), CancellationToken.None);
        var bySeverity = incidents.Actors.GroupBy(actor => ((Severity)actor.Index.Rank).Name()).ToDictionary(group => group.Key, group => group.Count());
        return Answer.Json(new FiguresView(incidents.Actors.Length, bySeverity, halts.Actors.Length, approvals.Actors.Length));
    }

    private static ActorFilter Open(ActorKind kind) => new(kind) { Open = true, Limit = Looking.MostAtOnce };
}

/// <param name="Journal">Where the data is; never a password.</param>
public sealed record HealthView(string Status, string Engine, string Journal);

public sealed record FiguresView(int OpenIncidents, Dictionary<string, int> OpenIncidentsBySeverity, int ActiveHalts, int OpenApprovals);
