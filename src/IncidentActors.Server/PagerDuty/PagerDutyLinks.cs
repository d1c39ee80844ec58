using System.Text.Json;
using IncidentActors.Core.Messages;

namespace IncidentActors.Server.PagerDuty;

/// <summary>What an event links: the sender's page, <c>links</c> and <c>images</c>. What is no link is left out, it is no mistake of the event.</summary>
internal static class PagerDutyLinks
{
    private const int MostLinks = 20;
    private const int LongestAddress = 2000;
    private const int LongestName = 200;

    /// <summary>A line of Markdown for each, or null: there is none.</summary>
    public static string? Described(JsonElement json)
    {
        var client = Link(Text(json, "client"), json, "client_url");
        var links = Items(json, "links").Select(link => Link(Text(link, "text"), link, "href"));
        var images = Items(json, "images").Select(image => Link(Text(image, "alt"), image, Text(image, "href") is null ? "src" : "href"));
        var lines = new[] { client }.Concat(links).Concat(images).OfType<string>().Take(MostLinks).Select(link => $"- {link}").ToList();
        return lines.Count == 0 ? null : string.Join('\n', lines);
    }

    private static IEnumerable<JsonElement> Items(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    /// <summary>Addresses of the web only; the name is the sender's, without what Markdown would read as something else.</summary>
    private static string? Link(string? name, JsonElement json, string property)
    {
        if (Text(json, property) is not { Length: <= LongestAddress } text || !Uri.TryCreate(text, UriKind.Absolute, out var address)) return null;
        if (address.Scheme is not ("http" or "https")) return null;
        name = name is null ? address.Host : new string([.. name.Where(c => !char.IsControl(c) && c is not ('[' or ']' or '<' or '>' or '`' or '\\'))]);
        return $"[{Shortened.To(name, LongestName)}](<{address.AbsoluteUri}>)";
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && !string.IsNullOrWhiteSpace(value.GetString())
            ? value.GetString()
            : null;
}
