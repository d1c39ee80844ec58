using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Replays;

internal static class ReplayEndpoints
{
    public static void MapReplay(this IEndpointRouteBuilder app) =>
        app.MapPage("/incidents/{id}/replay", async request => await ReplayModel.ReadAsync(request) is { } model
            ? PageContent.Of<ReplayPage, ReplayModel>($"Replay of {model.Replay.IncidentId}", model)
            : PageContent.Missing("There is no such incident."));
}
