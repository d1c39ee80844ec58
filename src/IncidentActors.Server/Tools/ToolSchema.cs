using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Permits;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Tools;

/// <summary>JSON Schemas of arguments and answers, from the records and the descriptions of their properties.</summary>
internal static class ToolSchema
{
    private static readonly JsonSchemaExporterOptions Exporting = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Described };

    /// <param name="open">The tool keeps arguments that it does not have: clients that check what they send must let them through.</param>
    public static JsonNode Arguments(Type type, bool open)
    {
        var schema = Of(type);
        if (!open) return schema;
        schema["additionalProperties"] = true;
        foreach (var (name, meaning) in DetailNames.Meanings)
            schema["properties"]!.AsObject().TryAdd(name, new JsonObject { ["description"] = meaning });
        return schema;
    }

    public static JsonNode Of(Type type)
    {
        var schema = ServerJson.Schemas.GetTypeInfo(type).GetJsonSchemaAsNode(Exporting);
        if (schema is JsonObject root && type.Assembly == typeof(ToolSchema).Assembly) root["additionalProperties"] = false;
        return schema;
    }

    private static JsonNode Described(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (schema is not JsonObject node) node = Converted(type);
        var attributes = context.PropertyInfo?.AttributeProvider;
        if (attributes is null) return node;
        foreach (var attribute in attributes.GetCustomAttributes(inherit: true))
        {
            if (attribute is DescriptionAttribute description) node["description"] = description.Description;
            if (attribute is MaxLengthAttribute longest) node["maxLength"] = longest.Length;
        }

        return node;
    }

    /// <summary>What a converter reads; the exporter cannot know.</summary>
    private static JsonObject Converted(Type type) => type switch
    {
        _ when type == typeof(Severity) => Words([.. Severities.Names]),
        _ when type == typeof(Priority) => Words("P0-Critical", "P1-High", "P2-Normal", "P3-Low"),
        _ when type == typeof(IncidentCategory) => Words([.. Enum.GetNames<IncidentCategory>().Select(name => name.ToLowerInvariant())]),
        _ when type == typeof(MessageType) => Words(Enum.GetNames<MessageType>()),
        _ when type == typeof(HaltMode) => Words("all", "outside", "read-only", "enforce", "warn", "shadow"),
        _ when type == typeof(PermitOutcome) => Words("done", "failed", "unknown"),
        _ when type == typeof(string) || type == typeof(HaltScope) => new JsonObject { ["type"] = "string" },
        _ => [],
    };

    private static JsonObject Words(params string[] words) => new()
    {
        ["type"] = "string",
        ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]),
    };
}
