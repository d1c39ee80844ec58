using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Flows;

internal static class FlowPageEndpoints
{
    public static void MapFlowPages(this IEndpointRouteBuilder app)
    {
        app.MapPage("/flows", async request => PageContent.Of<FlowsPage, FlowsModel>("Flows", await FlowsModel.ReadAsync(request)));
        app.MapPage("/flows/{name}", async request => await FlowModel.ReadAsync(request) is { } model
            ? PageContent.Of<FlowPage, FlowModel>($"Flow {model.Flow.Name}", model)
            : PageContent.Missing("There is no such flow."));
    }
}
