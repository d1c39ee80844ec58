using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentActors.Cli.Http;

/// <summary>Reading answers of which only some fields matter, and writing bodies without what was not given.</summary>
internal static class JsonParts
{
    /// <summary>A part that is there and not null.</summary>
    public static JsonElement? Part(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null ? part : null;

    /// <summary>A text as it is, anything else as its JSON; null when it is not there.</summary>
    public static string? Text(this JsonElement json, string name) => json.Part(name) is { } part
        ? part.ValueKind == JsonValueKind.String ? part.GetString() : part.ToString()
        : null;

    public static IEnumerable<JsonElement> List(this JsonElement json, string name) =>
        json.Part(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static DateTimeOffset? Time(this JsonElement json, string name) =>
        json.Part(name) is { ValueKind: JsonValueKind.String } part && part.TryGetDateTimeOffset(out var at) ? at : null;

    /// <summary>The entries of a list answer: the answer itself, or its <c>items</c>.</summary>
    /// <exception cref="JsonException">There is no list: an empty one must not be made of it, which would say that nothing is halted.</exception>
    public static JsonElement[] Items(this JsonElement json) => json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()]
        : json.Part("items") is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()]
        : throw new JsonException("it has no list of items");

    /// <summary>An object of what was given; nulls and empty lists are left out.</summary>
    public static JsonObject Body(params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var body = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (value is not null and not JsonArray { Count: 0 }) body[name] = value;
        }

        return body;
    }

    public static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}
