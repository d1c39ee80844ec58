using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Runbooks;

internal static class RunbookPages
{
    public static void MapRunbookPages(this IEndpointRouteBuilder app)
    {
        app.MapPage("/runbooks", async request =>
            PageContent.Of<RunbooksPage, RunbooksModel>("Runbooks", await RunbooksModel.ReadAsync(request)));
        app.MapPage("/incidents/{id}/runs", async request => await RunsModel.ReadAsync(request) is { } model
            ? PageContent.Of<RunsPage, RunsModel>($"Runbooks of {model.Incident.Id}", model)
            : PageContent.Missing("There is no such incident."));
    }
}
