using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tool = IncidentActors.Server.Tools.Tool;

namespace IncidentActors.Server.Mcp;

/// <summary>Lists and calls the catalogue's tools for one session.</summary>
internal sealed class McpTools(RunningEngine engine, McpCaller caller, string toolSet)
{
    /// <summary>Where a client that sends calls again by itself puts their key.</summary>
    public const string KeyMeta = "incidentactors/idempotency-key";

    /// <summary>Where MCP clients put their W3C trace context; the header of the request stands there too when they do not.</summary>
    public const string TraceMeta = "traceparent";
    private const int LongestKey = 255;

    private readonly McpElicitation elicitation = new(engine);

    public ListToolsResult List() => new() { Tools = [.. ToolSet.Of(toolSet)!.Value] };

    public async Task<CallToolResult> CallAsync(McpServer server, CallToolRequestParams? asked, CancellationToken cancel)
    {
        if (asked is null || ToolCatalogue.Find(asked.Name) is not { } tool)
            throw new McpProtocolException(ToolCatalogue.Unknown(asked?.Name ?? "").Sentence, McpErrorCode.InvalidParams);
        var (arguments, key, malformed) = Read(asked, tool);
        if (malformed is not null) return McpAnswers.Of(malformed, await HaltsAsync(caller.Call?.By));
        var call = caller.For(arguments, key);
        if (call is not null) call = call with { Trace = TraceOf(asked) };
        if (call is null && !tool.Description.ReadOnly) return McpAnswers.Of(McpCaller.Nobody, []);
        (arguments, var undecided) = await elicitation.CompleteAsync(server, tool.Name, arguments, cancel);
        var outcome = undecided
            ?? await tool.InvokeAsync(new ToolCall(engine, call ?? ToolCall.Nobody, arguments, caller.Token, cancel) { Mcp = caller.Session });
        return McpAnswers.Of(outcome, await HaltsAsync(call?.By));
    }

    /// <summary>The agent's <c>traceparent</c>, or null: it gave none that is one.</summary>
    private static string? TraceOf(CallToolRequestParams asked) =>
        asked.Meta?[TraceMeta] is JsonValue meta && meta.TryGetValue<string>(out var given) && CallReader.IsTrace(given) ? given : null;

    /// <summary>The arguments without the key that stands among them.</summary>
    private static (JsonElement Arguments, string? Key, Rejected? Malformed) Read(CallToolRequestParams asked, Tool tool)
    {
        var arguments = new JsonObject();
        string? key = asked.Meta?[KeyMeta] is JsonValue meta && meta.TryGetValue<string>(out var given) ? given : null;
        foreach (var (name, value) in asked.Arguments ?? ImmutableDictionary<string, JsonElement>.Empty)
        {
            if (name != ToolSet.KeyArgument || tool.Description.ReadOnly)
                arguments[name] = JsonNode.Parse(value.GetRawText());
            else if (value.ValueKind == JsonValueKind.String)
                key = value.GetString();
            else if (value.ValueKind != JsonValueKind.Null)
                return (default, null, Arguments.Malformed($"The argument '{ToolSet.KeyArgument}' must be a text."));
        }

        var bad = key is not null && (key.Length is 0 or > LongestKey || !key.All(c => c is > ' ' and <= '~'));
        return (
            JsonSerializer.SerializeToElement(arguments, ServerJson.Info<JsonObject>()), key,
            bad ? Arguments.Malformed($"The argument '{ToolSet.KeyArgument}' has 1 to {LongestKey} visible ASCII characters.") : null);
    }

    /// <summary>The halts that cover the caller's ordinary work; null: the store did not say. Without any active halt this is one look.</summary>
    private async Task<ImmutableArray<HaltNotice>?> HaltsAsync(string? handle)
    {
        try
        {
            if (handle is null || (await engine.Journal.HaltsAsync(null, CancellationToken.None)).Count == 0) return [];
            return await engine.Actors.Agent(handle).GetAsync() is { } agent ? agent.Halts : [];
        }
        catch (JournalUnavailableException)
        {
            return null;
        }
    }
}
