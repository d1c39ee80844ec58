using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Atps;

internal static class AtpPages
{
    public static void MapAtpPages(this IEndpointRouteBuilder app) => app.MapPage("/atps/{id}", async request =>
        await AtpModel.ReadAsync(request) is { } model ? PageContent.Of<AtpPage, AtpModel>(model.Atp.Id, model) : PageContent.Missing("There is no such ATP."));
}
