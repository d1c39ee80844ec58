using IncidentActors.Core.Knowledge;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Knowledge;

internal static class KnowledgePageEndpoints
{
    public static void MapKnowledgePages(this IEndpointRouteBuilder app)
    {
        app.MapPage("/knowledge", async request => PageContent.Of<SearchPage, SearchModel>("Knowledge", await SearchModel.ReadAsync(request)));
        app.MapPage("/knowledge/{id}", async request => await EntryModel.ReadAsync(request) is { } model
            ? PageContent.Of<EntryPage, EntryModel>(model.Entry.Id, model)
            : PageContent.Missing("There is no such entry."));
        app.MapGet("/knowledge/{id}/file", FileAsync).AsPage();
    }

    private static async Task<IResult> FileAsync(string id, RunningEngine engine, HttpContext http)
    {
        PageRendering.Guard(http.Response);
        return IdText.IsWellFormed(id) && await engine.Knowledge.GetAsync(id, http.RequestAborted) is { } view
            ? TypedResults.File(System.Text.Encoding.UTF8.GetBytes(KnowledgeFile.Format(view.Entry)), "text/markdown; charset=utf-8", $"{id}.md")
            : TypedResults.NotFound();
    }
}
