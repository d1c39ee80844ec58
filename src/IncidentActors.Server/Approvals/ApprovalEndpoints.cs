using IncidentActors.Core.Approvals;
using IncidentActors.Core.Json;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Approvals;

internal static class ApprovalEndpoints
{
    private static readonly Tool List = ToolCatalogue.Find("approval_list")!;
    private static readonly Tool Decide = ToolCatalogue.Find("approval_decide")!;

    public static void MapApprovals(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/approvals", (HttpContext http, string? state, string? incidentId, string? role, string? cursor, string? limit) =>
                Invocation.GetAsync(http, List, ("state", state), ("incidentId", incidentId), ("role", role), ("cursor", cursor), ("limit", limit)))
            .Read<Page<ApprovalView>>("Approvals", "Approvals, newest first; state is open, approved, rejected or voided.");
        app.MapGet("/api/approvals/{id}", async (string id, RunningEngine engine) =>
                IdText.IsWellFormed(id) && await ApprovalTools.FindAsync(engine.Journal, id) is { } view
                    ? Answer.Json(view)
                    : Answer.Of(ApprovalTools.Unknown(id)))
            .Read<ApprovalView>("Approvals", "One approval: what is asked, of which role, by when, and what was decided.");
        app.MapPost("/api/approvals/{id}/decision", (string id, HttpContext http) => Invocation.PostAsync(http, Decide, [("approvalId", id)]))
            .Write<ApprovalDecideArguments, ApprovalView>("Approvals", "Approves or rejects.");
    }
}
