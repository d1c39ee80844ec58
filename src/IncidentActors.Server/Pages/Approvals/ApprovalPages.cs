using IncidentActors.Core.Messages;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Approvals;

internal static class ApprovalPages
{
    public static void MapApprovalPages(this IEndpointRouteBuilder app) => app.MapPage("/approvals/{id}", async request =>
        await DecisionModel.ReadAsync(request) is { } model
            ? PageContent.Of<ApprovalPage, DecisionModel>(Shortened.To(model.Approval.Question, 80), model)
            : PageContent.Missing("There is no such approval."));
}
