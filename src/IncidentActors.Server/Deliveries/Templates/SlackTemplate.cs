using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IncidentActors.Core.Messages;

namespace IncidentActors.Server.Deliveries.Templates;

/// <summary>A notice for a Slack incoming webhook.</summary>
internal static class SlackTemplate
{
    private const int MaxHeader = 150;
    private const int MaxSection = 3000;
    private const int MaxFields = 10;
    private const int MaxField = 2000;
    private const int MaxFallback = 4000;
    private const int MaxButton = 75;

    /// <summary>Within Slack's limits, which hold after escaping: a message that exceeds one is refused whole.</summary>
    public static JsonObject Of(Notice notice)
    {
        var title = (notice.Urgent ? "🚨 " : "") + notice.Title;
        var blocks = new JsonArray
        {
            new JsonObject { ["type"] = "header", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = Shortened.Within(title, MaxHeader) } },
        };
        if (notice.Text.Length > 0) blocks.Add(Section(Escaped(notice.Text, MaxSection)));
        blocks.Add(new JsonObject
        {
            ["type"] = "section",
            ["fields"] = new JsonArray([.. notice.Facts.Take(MaxFields).Select(fact => (JsonNode)Mrkdwn(Field(fact.Name, fact.Value)))]),
        });
        if (notice.Links.Length > 0)
        {
            blocks.Add(new JsonObject
            {
                ["type"] = "actions",
                ["elements"] = new JsonArray([.. notice.Links.Select(link => (JsonNode)new JsonObject
                {
                    ["type"] = "button",
                    ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = Shortened.Within(link.Label, MaxButton) },
                    ["url"] = link.Address.ToString(),
                })]),
            });
        }

        return new JsonObject { ["text"] = Escaped(title, MaxFallback), ["blocks"] = blocks };
    }

    private static JsonObject Section(string text) => new() { ["type"] = "section", ["text"] = Mrkdwn(text) };

    private static JsonObject Mrkdwn(string text) => new() { ["type"] = "mrkdwn", ["text"] = text };

    private static string Field(string name, string value) => $"*{name}*\n{Escaped(value, MaxField - name.Length - 3)}";

    /// <summary>So that no text mentions a channel or makes a link. Cut at a whole character and a whole entity.</summary>
    private static string Escaped(string text, int longest)
    {
        var escaped = new StringBuilder();
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var length = StringInfo.GetNextTextElementLength(rest);
            var element = Entity(rest[..length]);
            if (escaped.Length + element.Length + (length < rest.Length ? 1 : 0) > longest) return escaped.Append('…').ToString();
            escaped.Append(element);
            rest = rest[length..];
        }

        return escaped.ToString();
    }

    private static string Entity(ReadOnlySpan<char> element) => element switch
    {
        "&" => "&amp;",
        "<" => "&lt;",
        ">" => "&gt;",
        _ => element.ToString()
            .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal),
    };
}
