using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace IncidentActors.Core.Tests.Flows;

/// <summary>Holds YAML against the part of JSON Schema that <c>flow.schema.json</c> uses; a keyword that it does not know is an error.</summary>
internal sealed class SchemaWalk(JsonElement root)
{
    public IEnumerable<string> Errors(YamlNode node, JsonElement schema, string path) =>
        schema.EnumerateObject().SelectMany(keyword => Errors(node, schema, keyword, path));

    public IEnumerable<string> Errors(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Errors(stream.Documents[0].RootNode, root, "$");
    }

    private IEnumerable<string> Errors(YamlNode node, JsonElement schema, JsonProperty keyword, string path) => keyword.Name switch
    {
        "$schema" or "$id" or "$defs" or "title" or "description" => [],
        "$ref" => Errors(node, root.GetProperty("$defs").GetProperty(keyword.Value.GetString()!["#/$defs/".Length..]), path),
        "type" => Error(TypeOf(node) == keyword.Value.GetString(), path, $"is {TypeOf(node)}, not {keyword.Value}"),
        "enum" => Error(keyword.Value.EnumerateArray().Any(value => value.GetString() == Text(node)), path, $"{node} is not in {keyword.Value}"),
        "pattern" => Error(Regex.IsMatch(Text(node), keyword.Value.GetString()!), path, $"{node} does not match {keyword.Value}"),
        "minLength" => Error(Text(node).Length >= keyword.Value.GetInt32(), path, "is too short"),
        "maxLength" => Error(Text(node).Length <= keyword.Value.GetInt32(), path, "is too long"),
        "minimum" => Error(int.Parse(Text(node), CultureInfo.InvariantCulture) >= keyword.Value.GetInt32(), path, "is too small"),
        "minItems" => Error(((YamlSequenceNode)node).Children.Count >= keyword.Value.GetInt32(), path, "has too few items"),
        "items" => ((YamlSequenceNode)node).SelectMany((item, index) => Errors(item, keyword.Value, $"{path}[{index}]")),
        "required" => keyword.Value.EnumerateArray().SelectMany(key => Error(Keys(node).Contains(key.GetString()!), path, $"lacks {key}")),
        "additionalProperties" when keyword.Value.ValueKind == JsonValueKind.Object =>
            Keys(node).SelectMany(key => Errors(node[key], keyword.Value, $"{path}.{key}")),
        "additionalProperties" => Keys(node).SelectMany(
            key => Error(schema.GetProperty("properties").TryGetProperty(key, out _), path, $"has an unknown key {key}")),
        "properties" => keyword.Value.EnumerateObject().Where(property => Keys(node).Contains(property.Name))
            .SelectMany(property => Errors(node[property.Name], property.Value, $"{path}.{property.Name}")),
        _ => throw new NotSupportedException($"the schema uses {keyword.Name}, which this walk does not know"),
    };

    private static IEnumerable<string> Error(bool holds, string path, string what) => holds ? [] : [$"{path} {what}"];

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static IEnumerable<string> Keys(YamlNode node) => ((YamlMappingNode)node).Children.Keys.Select(Text);

    private static string TypeOf(YamlNode node) => node switch
    {
        YamlMappingNode => "object",
        YamlSequenceNode => "array",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } => "boolean",
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when int.TryParse(scalar.Value, CultureInfo.InvariantCulture, out _) => "integer",
        _ => "string",
    };
}
