using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Knowledge;

internal static class KnowledgeEndpoints
{
    private static readonly Tool Search = ToolCatalogue.Find("knowledge_search")!;

    public static void MapKnowledge(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/knowledge", (HttpContext http, string? q, string? limit) => Invocation.GetAsync(http, Search, ("query", q), ("limit", limit)))
            .Read<Page<SimilarIncident>>("Knowledge", "Searches the titles of incidents that are over, most similar first.");
}
