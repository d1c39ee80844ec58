using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Texts;
using IncidentActors.Server.Alerts;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Json;

/// <summary>
/// What callers send for arguments, brought into the shape that <see cref="Arguments"/> reads. Programs of models fill every field, write JSON into
/// texts and add fields of their own. The same rules hold for HTTP and MCP.
/// </summary>
internal static class GivenArguments
{
    /// <summary>Fields that agent programs add to every call. They are dropped.</summary>
    private static readonly ImmutableHashSet<string> IgnoredFields =
        ["_meta", "task_progress", "taskProgress", "toolCallId", "tool_call_id", "sessionId", "chatInput"];

    /// <summary>Letters that may differ in a misspelt name.</summary>
    private const int MaxSlips = 2;

    /// <summary>Texts that callers also write as lists or objects.</summary>
    private static readonly ImmutableHashSet<string> Lists = ["notes", "completedWork", "pendingWork", "evidence", "issue", "resolution"];

    /// <summary>Characters of a name and of a value that are kept as a note.</summary>
    private const int MaxNameLength = 60;
    private const int MaxOtherLength = 16 * 1024;

    /// <summary>The argument says nothing: it is null, empty, or a field that agent programs add.</summary>
    public static bool SaysNothing(JsonProperty given) => IsEmpty(given.Value) || IgnoredFields.Contains(given.Name);

    /// <summary>
    /// The arguments without those that say nothing, and with values read where the type leaves one reading only: <c>"true"</c> for a truth,
    /// <c>"[…]"</c> and <c>"{…}"</c> for lists and objects, <c>1.0</c> for a whole number, a number for an id. Everything else stays as it is.
    /// </summary>
    public static JsonElement Clean(JsonElement json, JsonTypeInfo type)
    {
        if (json.ValueKind != JsonValueKind.Object) return json;
        var clean = new JsonObject();
        foreach (var given in json.EnumerateObject())
        {
            var known = type.Properties.FirstOrDefault(property => property.Name == given.Name);
            // An empty text stays for an argument that must be there: the refusal names it.
            if (IsEmpty(given.Value) && known is not { IsRequired: true }) continue;
            if (known is null && IgnoredFields.Contains(given.Name)) continue;
            clean[given.Name] = known is null ? Node(given.Value) : Read(given.Value, known);
        }

        return JsonSerializer.SerializeToElement(clean, ServerJson.Info<JsonObject>());
    }

    /// <summary>Splits off the arguments that the tool does not have.</summary>
    /// <returns>The rest, and the others by name as texts; or the refusal of a misspelt argument: leaving it out could change what is meant.</returns>
    public static (JsonElement Json, ImmutableSortedDictionary<string, string> Others, Rejected? Refusal) Split(JsonElement json, Tool tool)
    {
        if (json.ValueKind != JsonValueKind.Object) return (json, NoTexts, null);
        var names = Arguments.Names(tool.Arguments).ToImmutableArray();
        var known = tool.Description.KeepsDetails ? names.AddRange(DetailNames.Meanings.Keys) : names;
        var kept = new JsonObject();
        var others = NoTexts.ToBuilder();
        foreach (var given in json.EnumerateObject())
        {
            if (names.Contains(given.Name) || SaysNothing(given))
                kept[given.Name] = Node(given.Value);
            else if (!known.Contains(given.Name) && known.FirstOrDefault(name => IsLike(name, given.Name)) is { } meant)
                return (json, NoTexts, Arguments.Misspelt(given.Name, meant, names));
            else if (tool.Description.KeepsDetails && (given.Name.Length > MaxNameLength || given.Value.GetRawText().Length > MaxOtherLength))
                return (json, NoTexts, Rejected.Malformed(
                    Rules.ArgumentTooLong, $"'{SafeText.OneLine(given.Name, MaxNameLength)}' is longer than a note may be ({MaxOtherLength} characters)."));
            else
                others[given.Name] = JsonText.Of(given.Value);
        }

        return (JsonSerializer.SerializeToElement(kept, ServerJson.Info<JsonObject>()), others.ToImmutable(), null);
    }

    private static readonly ImmutableSortedDictionary<string, string> NoTexts = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        JsonValueKind.String => string.IsNullOrWhiteSpace(value.GetString()),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private static JsonNode? Read(JsonElement value, JsonPropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return value.ValueKind switch
        {
            JsonValueKind.String => OfText(value, type) ?? Node(value),
            JsonValueKind.Number => OfNumber(value, type, property.CustomConverter is not null) ?? Node(value),
            JsonValueKind.Object when type == typeof(Dictionary<string, string>) => Texts(value),
            JsonValueKind.Array when type == typeof(Dictionary<string, string>) => Pairs(value) ?? Node(value),
            JsonValueKind.Object or JsonValueKind.Array when Lists.Contains(property.Name) && type == typeof(string) => JsonValue.Create(JsonText.Of(value)),
            _ => Node(value),
        };
    }

    /// <summary>The value that the text means; null if it is plain text.</summary>
    private static JsonNode? OfText(JsonElement value, Type type)
    {
        var text = value.GetString()!.Trim();
        if (type == typeof(bool)) return bool.TryParse(text, out var truth) ? JsonValue.Create(truth) : null;
        if (type == typeof(int)) return Whole(text);
        if (type == typeof(Severity) && text is "1" or "2" or "3" or "4") return JsonValue.Create($"SEV-{text}");
        if (type == typeof(string) || type.IsValueType || text is not (['[', ..] or ['{', ..])) return null;
        try
        {
            using var inner = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = ServerJson.MaxDepth, AllowDuplicateProperties = false });
            return type == typeof(Dictionary<string, string>) && inner.RootElement.ValueKind == JsonValueKind.Object
                ? Texts(inner.RootElement)
                : Node(inner.RootElement.Clone());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? OfNumber(JsonElement value, Type type, bool isText)
    {
        var written = value.GetRawText();
        if (type == typeof(int)) return Whole(written);
        if (type == typeof(Severity)) return JsonValue.Create($"SEV-{written}");
        if (type == typeof(Priority)) return JsonValue.Create($"P{written}");
        return type == typeof(string) && isText ? JsonValue.Create(written) : null;
    }

    private static JsonNode? Whole(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number)
            && number is >= int.MinValue and <= int.MaxValue
            ? JsonValue.Create((int)number)
            : null;

    /// <summary>Converts label values that are numbers or booleans to texts, and leaves out those that are null.</summary>
    private static JsonObject Texts(JsonElement labels)
    {
        var texts = new JsonObject();
        foreach (var label in labels.EnumerateObject().Where(label => label.Value.ValueKind != JsonValueKind.Null))
        {
            texts[label.Name] = label.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
                ? JsonValue.Create(label.Value.GetRawText())
                : Node(label.Value);
        }

        return texts;
    }

    /// <summary>A list of <c>{"name": …, "value": …}</c> or <c>"name:text"</c>; null if it is another list.</summary>
    private static JsonObject? Pairs(JsonElement list)
    {
        var pairs = new JsonObject { ["all"] = Node(list) }.Texts("all");
        return pairs.Count < list.GetArrayLength() ? null : new JsonObject(pairs.Select(one => new KeyValuePair<string, JsonNode?>(one.Key, one.Value)));
    }

    private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());

    /// <summary>The same letters (<c>atp_id</c>, <c>atpID</c>), or a slip of at most two in a name that is long enough to tell.</summary>
    private static bool IsLike(string known, string given)
    {
        var (one, other) = (Letters(known), Letters(given));
        return one == other || (Math.Min(one.Length, other.Length) > 2 * MaxSlips && Distance(one, other) <= MaxSlips);
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>Letters to insert, drop or replace (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > MaxSlips) return MaxSlips + 1;
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
