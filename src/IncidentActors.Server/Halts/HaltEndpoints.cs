using IncidentActors.Core.Agents;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Halts;

internal static class HaltEndpoints
{
    private static readonly Tool Raise = ToolCatalogue.Find("halt_raise")!;
    private static readonly Tool Status = ToolCatalogue.Find("halt_status")!;
    private static readonly Tool Lift = ToolCatalogue.Find("halt_lift")!;
    private static readonly Tool Rehearse = ToolCatalogue.Find("halt_rehearse")!;
    private static readonly Tool Acknowledge = ToolCatalogue.Find("halt_ack")!;

    public static void MapHalts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/halts", (HttpContext http, string? state, string? cursor, string? limit) =>
                Invocation.GetAsync(http, Status, ("state", state), ("cursor", cursor), ("limit", limit)))
            .Read<Page<HaltView>>("Halts", "Halts, newest first; state is active or lifted.");
        app.MapPost("/api/halts", (HttpRequest request) =>
                Invocation.PostAsync(request.HttpContext, Raise, location: halt => $"/api/halts/{halt.GetProperty("id").GetString()}"))
            .Write<HaltRaiseArguments, HaltView>("Halts", "Raises a halt: answered when nothing that it covers can be committed any more.", creates: true);
        app.MapGet("/api/halts/{id}", async (string id, RunningEngine engine) =>
                IdText.IsWellFormed(id) && await engine.Views.HaltAsync(id) is { } view ? Answer.Json(view) : Answer.Of(HaltDecider.Unknown(id)))
            .Read<HaltView>("Halts", "One halt: its scope, and which nodes and agents have confirmed it.");
        app.MapPost("/api/halts/{id}/lift", (string id, HttpContext http) => Invocation.PostAsync(http, Lift, [("haltId", id)]))
            .Write<HaltLiftArguments, HaltView>("Halts", "Lifts a halt, or with a scope that part of it.");
        app.MapPost("/api/halts/rehearse", (HttpRequest request) => Invocation.PostAsync(request.HttpContext, Rehearse))
            .Write<HaltRehearseArguments, RehearsalView>("Halts", "Halts a canary and says path by path whether it stopped.");
        app.MapPost("/api/halts/{id}/ack", (string id, HttpContext http) => Invocation.PostAsync(http, Acknowledge, [("haltId", id)]))
            .Write<HaltAckArguments, AgentView>("Halts", "Acknowledges an active halt, or after the lift its briefing.");
    }
}
