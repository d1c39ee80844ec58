using System.Text.Json.Nodes;
using IncidentActors.Core.Messages;

namespace IncidentActors.Server.Alerts;

/// <summary>Pages and pictures that an alert links, as lines of Markdown.</summary>
internal static class AlertLinks
{
    private const int MaxLinks = 20;
    private const int MaxAddress = 2000;
    private const int MaxName = 200;

    /// <summary>A line for each, or null without links. Those beyond the bound are counted.</summary>
    public static string? Lines(IEnumerable<string?> links)
    {
        var all = links.OfType<string>().Distinct().ToList();
        var lines = all.Take(MaxLinks).Select(link => $"- {link}");
        if (all.Count > MaxLinks) lines = lines.Append($"- … and {all.Count - MaxLinks} more links");
        return all.Count == 0 ? null : string.Join('\n', lines);
    }

    /// <summary>The links of a PagerDuty event: the sender's page, <c>links</c> and <c>images</c>. What is not a link is left out, it is no mistake of the
    /// event.</summary>
    public static IEnumerable<string?> OfEvent(JsonObject json)
    {
        yield return Link(json.Text("client"), json.Text("client_url"));
        foreach (var link in json.List("links") ?? []) yield return Link(link.Text("text"), link.Text("href"));
        foreach (var image in json.List("images") ?? []) yield return Link(image.Text("alt"), image.Text("href") ?? image.Text("src"));
    }

    /// <summary>Addresses of the web only; the name is the sender's, without what Markdown would read as something else. An address that is
    /// longer than the bound is shown as text, cut.</summary>
    public static string? Link(string? name, string? text)
    {
        if (text is null || !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) return null;
        name = name is null ? address.Host : new string([.. name.Where(c => !char.IsControl(c) && c is not ('[' or ']' or '<' or '>' or '`' or '\\'))]);
        name = Shortened.To(name, MaxName);
        return text.Length <= MaxAddress
            ? $"[{name}](<{address.AbsoluteUri}>)"
            : $"{name}: {Shortened.To(text, MaxName)} (an address of {text.Length} characters)";
    }
}
