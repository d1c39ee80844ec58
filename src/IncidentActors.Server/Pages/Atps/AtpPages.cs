using IncidentActors.Server.Atps;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Atps;

internal static class AtpPages
{
    public static void MapAtpPages(this IEndpointRouteBuilder app)
    {
        app.MapPage("/atps", async request => PageContent.Of<AtpsPage, AtpsModel>("Work packages", await AtpsModel.ReadAsync(request)));
        app.MapPage("/atps/{id}", async request =>
            await AtpModel.ReadAsync(request) is { } model
                ? PageContent.Of<AtpPage, AtpModel>(model.Atp.Id, model)
                : PageContent.Missing("There is no such ATP."));
        app.MapPage("/atps/{id}/artifacts/{artifact}", async request =>
            IdText.IsWellFormed(request.Route("id"))
            && await request.Engine.Views.AtpAsync(request.Route("id")) is { } atp
            && await AtpEndpoints.FindArtifactAsync(request.Engine, atp, request.Route("artifact"), request.Aborted) is { } artifact
                ? PageContent.Of<ArtifactPage, ArtifactView>($"{artifact.Type} of {artifact.AtpId}", artifact)
                : PageContent.Missing("There is no such evidence."));
    }
}
