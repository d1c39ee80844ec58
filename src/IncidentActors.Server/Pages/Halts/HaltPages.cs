using IncidentActors.Core.Halts;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Halts;

internal static class HaltPages
{
    public static void MapHalts(this IEndpointRouteBuilder app)
    {
        app.MapPage("/halts", async request => PageContent.Of<HaltsPage, HaltsModel>("Halts", await HaltsModel.ReadAsync(request)));
        app.MapPage("/halts/{id}", async request =>
            IdText.IsWellFormed(request.Route("id")) && await request.Engine.Actors.Halt(request.Route("id")).GetAsync() is { } halt
                ? PageContent.Of<HaltPage, HaltView>($"Halt of {Parts.ScopeText.Of(halt.Scope)}", halt)
                : PageContent.Missing("There is no such halt."));
    }
}
