using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Flows;

internal static class FlowEndpoints
{
    public static void MapFlows(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/flows", (RunningEngine engine) =>
                Answer.Json(new Page<FlowView>([.. engine.Options.Flows.Latest.Select(flow => FlowView.Of(flow, whole: false))], null)))
            .Read<Page<FlowView>>("Flows", "The latest version of every flow, most urgent first.");
        app.MapGet("/api/flows/{name}", (string name, RunningEngine engine) =>
                engine.Options.Flows.Find(name) is { } flow
                    ? Answer.Json(FlowView.Of(flow, whole: true))
                    : Answer.Of(Rejected.Unknown(Rules.FlowUnknown, "There is no such flow.", [.. engine.Options.Flows.Latest.Select(known => known.Name)])))
            .Read<FlowView>("Flows", "One flow with its rows, and as a Mermaid diagram.");
    }
}
