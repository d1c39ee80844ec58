using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentActors.Core.Json;

/// <summary>What clients of the Model Context Protocol send, brought into the shape that it demands where only one reading is left.</summary>
public static class McpRequests
{
    private const int MaxDepth = 32;

    /// <summary>The latest revision that begins with a handshake: the answer to clients that ask for one that the server does not know.</summary>
    private const string LatestHandshake = "2025-11-25";

    /// <summary>Revisions that the SDK answers itself. The last one has no handshake; its client gets an error that says so.</summary>
    private static readonly string[] Known = ["2024-11-05", "2025-03-26", "2025-06-18", LatestHandshake, "2026-07-28"];

    /// <summary>Names under which some programs of agents put all arguments.</summary>
    private static readonly string[] Wrappers = ["args", "kwargs", "arguments", "input", "parameters"];

    /// <summary>
    /// Arguments that were written into a text, or wrapped once more, are read, and an empty list is an empty object (programs in PHP cannot tell the two
    /// apart). An empty cursor is none. A handshake for an unknown revision is one for the latest that is known, as the protocol demands; the client
    /// decides whether it goes on. A client that does not say its name has none.
    /// </summary>
    /// <param name="parameters">Changed in place.</param>
    public static void Mend(string method, JsonNode? parameters)
    {
        if (parameters is not JsonObject given) return;
        if (method == "initialize") Handshake(given);
        if (Text(given["cursor"]) is { } cursor && string.IsNullOrWhiteSpace(cursor)) given.Remove("cursor");
        if (method is not ("tools/call" or "prompts/get")) return;
        if (given["arguments"] is JsonArray { Count: 0 }) given["arguments"] = new JsonObject();
        if (Text(given["arguments"]) is { } text && Read(text) is { } read) given["arguments"] = read;
        if (given["arguments"] is not JsonObject { Count: 1 } wrapped || !Wrappers.Contains(wrapped.First().Key)) return;
        if ((wrapped.First().Value as JsonObject ?? Read(Text(wrapped.First().Value) ?? "null")) is { } inner) given["arguments"] = inner.DeepClone();
    }

    private static void Handshake(JsonObject given)
    {
        if (!Known.Contains(Text(given["protocolVersion"]))) given["protocolVersion"] = LatestHandshake;
        if (given["capabilities"] is not JsonObject) given["capabilities"] = new JsonObject();
        if (given["clientInfo"] is not JsonObject client) given["clientInfo"] = client = [];
        foreach (var name in new[] { "name", "version" }) client[name] = Text(client[name]) ?? "unknown";
    }

    private static string? Text(JsonNode? value) => value is JsonValue one && one.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject? Read(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
