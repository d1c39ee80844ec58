using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Halts;

internal static class HaltPages
{
    public static void MapHalts(this IEndpointRouteBuilder app)
    {
        app.MapPage("/halts", async request => PageContent.Of<HaltsPage, HaltsModel>("Halts", await HaltsModel.ReadAsync(request)));
        app.MapPage("/halts/{id}", async request =>
            await HaltModel.ReadAsync(request) is { } model
                ? PageContent.Of<HaltPage, HaltModel>($"Halt of {Parts.ScopeText.Of(model.Halt.Scope)}", model)
                : PageContent.Missing("There is no such halt."));
    }
}
