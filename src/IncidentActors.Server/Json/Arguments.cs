using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Texts;

namespace IncidentActors.Server.Json;

/// <summary>Turns a JSON object into an argument record; values that do not fit are refused by name, with what is expected.</summary>
internal static class Arguments
{
    /// <summary>What the argument <c>override</c> is, on every tool that a rule or a halt may refuse (seed 003).</summary>
    public const string OwnerOverride = "For the role owner only: your reason for bypassing the rules; it is recorded.";

    /// <summary>Characters of an override's reason.</summary>
    public const int MaxOverrideLength = 1000;

    /// <summary>Characters of a text argument that does not say otherwise; the body's size bounds the rest.</summary>
    private const int DefaultMaxLength = 256 * 1024;

    /// <param name="json">As <see cref="GivenArguments.Clean"/> gives it.</param>
    /// <returns>The arguments, or the refusal.</returns>
    public static (T? Value, Rejected? Refusal) Read<T>(JsonElement json, JsonTypeInfo<T> type)
        where T : class
    {
        if (json.ValueKind != JsonValueKind.Object) return (null, Malformed("Arguments are one JSON object."));
        foreach (var given in json.EnumerateObject())
        {
            if (type.Properties.All(known => known.Name != given.Name)) return (null, Unknown(given.Name, Names(type)));
        }

        foreach (var known in type.Properties)
        {
            var there = json.TryGetProperty(known.Name, out var value) && value.ValueKind != JsonValueKind.Null;
            if (known.IsRequired && (!there || (value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString()))))
                return (null, Missing(known.Name, Names(type)));
            if (there && TooLong(known, value) is { } tooLong) return (null, tooLong);
        }

        try
        {
            return (JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null"), null);
        }
        catch (JsonException error)
        {
            return (null, Malformed(Sentence(error, type)));
        }
    }

    public static Rejected Unknown(string name, IEnumerable<string> known) =>
        Rejected.Malformed(Rules.ArgumentUnknown, $"There is no argument '{Short(name)}'; there are {string.Join(", ", known)}.", [.. known]);

    public static Rejected Misspelt(string name, string meant, IEnumerable<string> known) =>
        Rejected.Malformed(Rules.ArgumentUnknown, $"There is no argument '{Short(name)}'; did you mean '{meant}'?", [.. known]);

    public static Rejected Missing(string name, IEnumerable<string> known) =>
        Rejected.Malformed(Rules.ArgumentMissing, $"The argument '{name}' is missing or empty.", [.. known]);

    public static Rejected Malformed(string sentence, params ReadOnlySpan<string> allowed) =>
        Rejected.Malformed(Rules.ArgumentMalformed, sentence, [.. allowed]);

    public static IEnumerable<string> Names(JsonTypeInfo type) => type.Properties.Select(property => property.Name);

    private static Rejected? TooLong(JsonPropertyInfo property, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        var declared = property.AttributeProvider?.GetCustomAttributes(typeof(MaxLengthAttribute), inherit: true).OfType<MaxLengthAttribute>().FirstOrDefault();
        var longest = declared?.Length ?? DefaultMaxLength;
        var length = value.GetString()!.Length;
        return length <= longest
            ? null
            : Rejected.Malformed(Rules.ArgumentTooLong, $"The argument '{property.Name}' has {length} characters; at most {longest} are allowed.");
    }

    private static string Sentence(JsonException error, JsonTypeInfo type)
    {
        var path = error.Path ?? "$";
        var name = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        var property = type.Properties.FirstOrDefault(
            known =>
                name == known.Name
                    || name.StartsWith(known.Name + "[", StringComparison.Ordinal)
                    || name.StartsWith(known.Name + ".", StringComparison.Ordinal));
        var wrong = error.Message.StartsWith("must be", StringComparison.Ordinal) ? error.Message : $"must be {Kind(property?.PropertyType)}";
        return $"The argument '{Short(name)}' {wrong}.";
    }

    private static string Kind(Type? type)
    {
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            null => "of another kind",
            _ when type == typeof(string) => "a text",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) => "a whole number",
            _ when type == typeof(DateTimeOffset) => "a time such as '2026-01-26T14:23:00Z' (RFC 3339)",
            _ when type == typeof(Dictionary<string, string>) => "an object with texts as values",
            _ => "a list of texts",
        };
    }

    private static string Short(string text) => SafeText.OneLine(text, 60);
}
