using System.Text;
using IncidentActors.Core.Reports;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Forms;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Postmortems;

internal static class PostmortemEndpoints
{
    private const string Path = "/incidents/{id}/postmortem";

    public static void MapPostmortem(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, http => PageRoute.ShowAsync(http, ReadAsync, null)).AsPage();
        app.MapPost(Path, async http =>
        {
            await PostmortemForm.ComposeAsync(http);
            if (await FormPost.TakeAsync(http) is { } refused) await PageRoute.ShowAsync(http, ReadAsync, refused);
        }).AsPage();
        app.MapGet(Path + "/file", FileAsync).AsPage();
    }

    private static async Task<PageContent> ReadAsync(PageRequest request) => await PostmortemModel.ReadAsync(request) is { } model
        ? PageContent.Of<PostmortemPage, PostmortemModel>($"Postmortem of {model.Incident.Id}", model)
        : PageContent.Missing("There is no such incident.");

    private static async Task<IResult> FileAsync(string id, RunningEngine engine, HttpContext http)
    {
        PageRendering.Guard(http.Response);
        return IdText.IsWellFormed(id) && await engine.Dossiers.ReadAsync(id, http.RequestAborted) is { } dossier
            ? TypedResults.File(Encoding.UTF8.GetBytes(PostmortemDraft.Of(dossier).Report().Markdown), "text/markdown; charset=utf-8", $"postmortem-{id}.md")
            : TypedResults.NotFound();
    }
}
