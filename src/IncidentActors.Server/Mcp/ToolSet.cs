using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Atps;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;
using Tool = IncidentActors.Server.Tools.Tool;

namespace IncidentActors.Server.Mcp;

/// <summary>Which tools a client is shown. Every tool may be called by name, shown or not.</summary>
internal sealed class ToolSet
{
    /// <summary>What working on an incident needs, in few words: the default. A model under stress reads its whole list of tools.</summary>
    public const string Responder = "responder";

    /// <summary>Everything, with full schemas of the answers.</summary>
    public const string All = "all";

    public static readonly ImmutableArray<string> Names = [Responder, All];

    /// <summary>Optional on every tool that changes something.</summary>
    public const string KeyArgument = "idempotencyKey";

    /// <summary>Taken by every tool, in place of the header X-Session; shown on the one that begins a turn.</summary>
    public const string SessionArgument = "session";
    private const string BeginsTurn = "inbox";

    /// <summary>The set that a request asks for: <c>?tools=all</c>.</summary>
    public static string NameIn(HttpRequest request) => request.Query["tools"].ToString() is { Length: > 0 } given ? given : Responder;

    private static readonly ImmutableArray<string> OfResponders =
    [
        "inbox", "message_ack", "message_send", "handoff", "atp_get", "atp_set", "atp_change_status", "atp_close", "atp_create", "artifact_create",
        "incident_declare", "incident_get", "incident_update", "approval_decide", "halt_status", "halt_ack",
    ];

    private static readonly Lazy<ImmutableArray<ModelContextProtocol.Protocol.Tool>> Small =
        new(() => [.. OfResponders.Select(name => Shown(ToolCatalogue.Find(name)!, brief: true))]);

    private static readonly Lazy<ImmutableArray<ModelContextProtocol.Protocol.Tool>> Whole =
        new(() => [.. ToolCatalogue.All.Select(tool => Shown(tool, brief: false))]);

    /// <summary>The tools of a set; null if there is no set of that name.</summary>
    public static ImmutableArray<ModelContextProtocol.Protocol.Tool>? Of(string name) => name switch
    {
        Responder => Small.Value,
        All => Whole.Value,
        _ => null,
    };

    private static ModelContextProtocol.Protocol.Tool Shown(Tool tool, bool brief) => new()
    {
        Name = tool.Name,
        Title = brief ? null : tool.Description.Title,
        Description = tool.Description.Text,
        InputSchema = Element(Input(tool, brief)),
        OutputSchema = Element(brief ? Outline(tool.OutputSchema) : tool.OutputSchema.DeepClone()),
        Annotations = new ModelContextProtocol.Protocol.ToolAnnotations
        {
            ReadOnlyHint = tool.Description.ReadOnly ? true : null,
            DestructiveHint = tool.Description.ReadOnly ? null : tool.Description.Destructive,
            IdempotentHint = tool.Description is { ReadOnly: false, Idempotent: true } ? true : null,
            OpenWorldHint = false,
        },
    };

    private static JsonNode Input(Tool tool, bool brief)
    {
        var schema = tool.InputSchema.DeepClone();
        // A tool without arguments has no properties.
        var properties = (schema["properties"] ??= new JsonObject()).AsObject();
        if (!tool.Description.ReadOnly)
        {
            properties[KeyArgument] = new JsonObject { ["type"] = "string" };
            if (!brief) properties[KeyArgument]!["description"] = "The same key gives the first answer again: send again safely.";
        }

        if (tool.Name == BeginsTurn)
        {
            properties[SessionArgument] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = "Where several programs work as one handle: a name of your own, the same in every call. A message is given to one of them.",
            };
        }

        if (!brief) return schema;
        foreach (var name in DetailNames.Meanings.Keys.Except(Arguments.Names(tool.Arguments))) properties.Remove(name);
        foreach (var (_, property) in properties)
        {
            property!.AsObject().Remove("maxLength");
            if (property["type"] is JsonArray types && types.Count == 2) property["type"] = types[0]!.DeepClone();
        }

        return schema;
    }

    /// <summary>Only what is always there and plain: true of every answer, and a tenth of the whole.</summary>
    private static JsonObject Outline(JsonNode whole)
    {
        var properties = new JsonObject();
        foreach (var (name, property) in whole["properties"]!.AsObject())
        {
            if (name is "id" or "status" or "version" or "severity" or "owner" or "messages" or "halts" or "items" && property!["type"] is { } type)
                properties[name] = new JsonObject { ["type"] = type.DeepClone() };
        }

        var required = whole["required"]?.AsArray().Where(name => properties.ContainsKey(name!.GetValue<string>())).Select(name => name!.DeepClone()) ?? [];
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray([.. required]) };
    }

    private static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node, ServerJson.Info<JsonNode>());
}
