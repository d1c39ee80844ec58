using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Runbooks;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Runbooks;

internal static class RunbookEndpoints
{
    private static readonly Tool List = ToolCatalogue.Find("runbook_list")!;
    private static readonly Tool Propose = ToolCatalogue.Find("runbook_propose")!;
    private static readonly Tool Decide = ToolCatalogue.Find("runbook_decide")!;
    private static readonly Tool Run = ToolCatalogue.Find("runbook_run")!;

    public static void MapRunbooks(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/runbooks", (HttpRequest request) => Invocation.GetAsync(request.HttpContext, List))
            .Read<Page<RunbookView>>("Runbooks", "Procedures that can be run for an incident.");
        app.MapPost("/api/incidents/{id}/runs", (string id, HttpContext http) => Invocation.PostAsync(http, Propose, [("incidentId", id)]))
            .Write<RunbookProposeArguments, IncidentView>("Runbooks", "Proposes a run; a dry run unless dryRun is false.");
        app.MapPost("/api/incidents/{id}/runs/{run}/decision", (string id, string run, HttpContext http) =>
                Invocation.PostAsync(http, Decide, [("incidentId", id), ("runId", run)]))
            .Write<RunbookDecideArguments, IncidentView>("Runbooks", "Approves or rejects a proposed run.");
        app.MapPost("/api/incidents/{id}/runs/{run}/start", (string id, string run, HttpContext http) =>
                Invocation.PostAsync(http, Run, [("incidentId", id), ("runId", run)]))
            .Write<RunbookRunArguments, IncidentView>("Runbooks", "Starts an approved run; its outcome is in the incident's runs.");
    }
}
