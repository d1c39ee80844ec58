using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Figures;

internal static class FigureEndpoints
{
    public static void MapFigures(this IEndpointRouteBuilder app) =>
        app.MapPage("/figures", async request => PageContent.Of<FiguresPage, FiguresModel>("Figures", await FiguresModel.ReadAsync(request)));
}
