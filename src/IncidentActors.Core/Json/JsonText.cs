using System.Text.Json;

namespace IncidentActors.Core.Json;

/// <summary>A value as a person reads it: lists and objects as lists of Markdown.</summary>
public static class JsonText
{
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join('\n', value.EnumerateArray().Select(item => $"- {LineOf(item)}")),
        JsonValueKind.Object => string.Join('\n', value.EnumerateObject().Select(item => $"- {item.Name}: {LineOf(item.Value)}")),
        _ => value.GetRawText(),
    };

    private static string LineOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
