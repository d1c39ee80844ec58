using System.Text.Json.Nodes;
using IncidentActors.Core.Json;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Problems;

namespace IncidentActors.Server.Tools;

internal static class ToolEndpoints
{
    public static void MapTools(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/tools", () => Answer.Json(new Page<ToolView>([.. ToolCatalogue.All.Select(ToolView.Of)], null)))
            .Read<Page<ToolView>>("Tools", "Every tool with the schemas of its arguments and its answer.");
        app.MapPost("/api/tools/{tool}", (string tool, HttpContext http) =>
                ToolCatalogue.Find(tool) is { } found ? Invocation.PostAsync(http, found) : Task.FromResult(Answer.Of(ToolCatalogue.Unknown(tool))))
            .Write<JsonObject, JsonObject>("Tools", "Uses a tool; the body holds its arguments as in the seeds. GET /api/tools lists the tools.");
    }
}

/// <summary>A tool as callers see it.</summary>
public sealed record ToolView(
    string Name, string Title, string Description, ToolAnnotations Annotations, JsonNode InputSchema, JsonNode OutputSchema)
{
    internal static ToolView Of(Tool tool) => new(
        tool.Name, tool.Description.Title, tool.Description.Text,
        new ToolAnnotations(tool.Description.ReadOnly, tool.Description.Destructive, tool.Description.Idempotent),
        tool.InputSchema, tool.OutputSchema);
}

/// <summary>The same hints as in MCP.</summary>
public sealed record ToolAnnotations(bool ReadOnlyHint, bool DestructiveHint, bool IdempotentHint);
