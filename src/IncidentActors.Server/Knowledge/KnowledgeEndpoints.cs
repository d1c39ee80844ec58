using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Knowledge;

internal static class KnowledgeEndpoints
{
    private static readonly Tool Search = ToolCatalogue.Find("knowledge_search")!;

    private static readonly Tool Import = ToolCatalogue.Find("knowledge_import")!;

    public static void MapKnowledge(this IEndpointRouteBuilder app)
    {
        app.MapGet(
            "/api/knowledge",
            (HttpContext http, string? q, string? limit, string? cursor) =>
                Invocation.GetAsync(http, Search, ("query", q), ("limit", limit), ("cursor", cursor)))
            .Read<Page<KnowledgeView>>("Knowledge", "Searches what was learned, best first; without q the newest entries.");
        app.MapGet("/api/knowledge/{id}", async (string id, RunningEngine engine, HttpContext http) =>
                IdText.IsWellFormed(id) && await engine.Knowledge.GetAsync(id, http.RequestAborted) is { } view
                    ? Answer.Json(view)
                    : Answer.Of(KnowledgeDecider.Unknown("of that id")))
            .Read<KnowledgeView>("Knowledge", "One entry.");
        app.MapGet("/api/knowledge/{id}/file", async (string id, RunningEngine engine, HttpContext http) =>
                IdText.IsWellFormed(id) && await engine.Knowledge.GetAsync(id, http.RequestAborted) is { } view
                    ? TypedResults.Text(KnowledgeFile.Format(view.Entry), "text/markdown; charset=utf-8")
                    : Answer.Of(KnowledgeDecider.Unknown("of that id")))
            .Read<string>("Knowledge", "One entry as the file that can be imported again.");
        app.MapPost("/api/knowledge", (HttpRequest request) => Invocation.PostAsync(request.HttpContext, Import))
            .Write<KnowledgeImportArguments, KnowledgeView>("Knowledge", "Imports an entry from the text of its file.");
    }
}
