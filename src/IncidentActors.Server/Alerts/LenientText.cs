using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Alerts;

/// <summary>Values of a body, converted to the expected type from any kind of JSON.</summary>
internal static class LenientText
{
    private const int MaxDepth = 24;
    private static readonly string[] PairNames = ["name", "key", "Name", "Key", "tag", "label"];

    /// <summary>A text that is not blank, as it is written; numbers, truths and objects as their JSON, a list of single values with commas. Null: it is
    /// missing, null or blank.</summary>
    public static string? Text(this JsonNode? from, string name) => Text((from as JsonObject)?[name]);

    public static string? Text(JsonNode? value)
    {
        if (value is null) return null;
        var text = value is JsonValue one && one.TryGetValue<string>(out var written) ? written
            : value is JsonArray list && list.All(item => item is JsonValue) ? string.Join(", ", list.Select(Text))
            : value.ToJsonString(ServerJson.Options);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>The object, also where it is written into a text.</summary>
    public static JsonObject? Object(this JsonNode? from, string name) => Within((from as JsonObject)?[name], '{') as JsonObject;

    /// <summary>The list, also where it is written into a text; an object alone is a list of one.</summary>
    public static JsonArray? List(this JsonNode? from, string name) => Within((from as JsonObject)?[name], '[') switch
    {
        JsonArray list => list,
        JsonObject one => [one.DeepClone()],
        _ => null,
    };

    private static JsonNode? Within(JsonNode? value, params ReadOnlySpan<char> begins)
    {
        if (value is not JsonValue one || !one.TryGetValue<string>(out var text) || text.AsSpan().TrimStart() is not [var first, ..] || !begins.Contains(first))
            return value;
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return value;
        }
    }

    /// <summary>
    /// Every name with a text: of an object, of a list of pairs (<c>{"name": …, "value": …}</c>, <c>["name", "text"]</c>, <c>"name:text"</c>), or of a
    /// text of such pairs with commas.
    /// </summary>
    public static Dictionary<string, string> Texts(this JsonNode? from, string name)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var pairs = Within((from as JsonObject)?[name], '{', '[') switch
        {
            JsonObject map => map,
            JsonArray list => list.SelectMany(Pairs),
            var one => (Text(one)?.Split(',') ?? []).SelectMany(pair => Pairs(JsonValue.Create(pair.Trim()))),
        };
        foreach (var (key, value) in pairs)
        {
            if (Text(value) is { } text) texts[key] = text;
        }

        return texts;
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Pairs(JsonNode? item)
    {
        if (item is JsonObject pair)
        {
            var named = PairNames.Select(known => Text(pair, known)).FirstOrDefault(found => found is not null);
            if (named is not null && (pair["value"] ?? pair["Value"]) is { } value) return [new(named, value)];
            return pair;
        }

        if (item is JsonArray { Count: 2 } two && Text(two[0]) is { } first) return [new(first, two[1])];
        return Text(item)?.Split([':', '='], 2) is [{ Length: > 0 } key, var text] ? [new(key.Trim(), text.Trim())] : [];
    }

    /// <summary>A time of RFC 3339 or of the common forms near it, or seconds or milliseconds since 1970. Null if it is not a time.</summary>
    public static DateTimeOffset? Time(this JsonNode? from, string name)
    {
        if (Text(from, name) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            const long LatestInSeconds = 100_000_000_000;
            return number < LatestInSeconds ? DateTimeOffset.FromUnixTimeSeconds(number)
                : number < LatestInSeconds * 1000 ? DateTimeOffset.FromUnixTimeMilliseconds(number)
                : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime() : null;
    }
}
