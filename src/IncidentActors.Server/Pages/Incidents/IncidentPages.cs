using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Incidents;

internal static class IncidentPages
{
    public static void MapIncidentPages(this IEndpointRouteBuilder app)
    {
        app.MapPage("/incidents", async request =>
            PageContent.Of<IncidentsPage, IncidentsModel>("Incidents", await IncidentsModel.ReadAsync(request)));
        app.MapPage("/incidents/{id}", async request => await IncidentModel.ReadAsync(request) is { } model
            ? PageContent.Of<IncidentPage, IncidentModel>($"{model.Incident.Severity.Name()} {Shortened.To(model.Incident.Title, 80)}", model)
            : PageContent.Missing("There is no such incident."));
        app.MapPage("/declare", async request =>
            PageContent.Of<DeclarePage, DeclareModel>("Declare an incident", await DeclareModel.ReadAsync(request)));
    }
}
