using IncidentActors.Core.Decisions;
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

    public static void MapKnowledge(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/knowledge", (HttpContext http, string? q, string? limit) => Invocation.GetAsync(http, Search, ("query", q), ("limit", limit)))
            .Read<Page<KnowledgeView>>("Knowledge", "Searches what was learned, best first; without q the newest entries.");
        app.MapGet("/api/knowledge/{id}", async (string id, RunningEngine engine, HttpContext http) =>
                IdText.IsWellFormed(id) && await engine.Knowledge.GetAsync(id, http.RequestAborted) is { } view
                    ? Answer.Json(view)
                    : Answer.Of(new Rejected(Rules.KnowledgeUnknown, "There is no such entry.") { Kind = RejectionKind.Unknown }))
            .Read<KnowledgeView>("Knowledge", "One entry.");
    }
}
