using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Now;

internal static class NowEndpoints
{
    public static void MapNow(this IEndpointRouteBuilder app) =>
        app.MapPage("/", async request => PageContent.Of<NowPage, NowModel>("Now", await NowModel.ReadAsync(request)));
}
