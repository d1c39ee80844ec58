using System.Text.Json.Nodes;
using IncidentActors.Core.Messages;

namespace IncidentActors.Server.Deliveries.Templates;

/// <summary>A notice for a Slack incoming webhook.</summary>
internal static class SlackTemplate
{
    public static JsonObject Of(Notice notice)
    {
        var title = (notice.Urgent ? "🚨 " : "") + notice.Title;
        var blocks = new JsonArray
        {
            new JsonObject { ["type"] = "header", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = Shortened.Cut(title, 150) } },
        };
        if (notice.Text.Length > 0) blocks.Add(Section(Escaped(notice.Text)));
        blocks.Add(new JsonObject
        {
            ["type"] = "section",
            ["fields"] = new JsonArray([.. notice.Facts.Select(fact => (JsonNode)Mrkdwn($"*{fact.Name}*\n{Escaped(fact.Value)}"))]),
        });
        if (notice.Links.Length > 0)
        {
            blocks.Add(new JsonObject
            {
                ["type"] = "actions",
                ["elements"] = new JsonArray([.. notice.Links.Select(link => (JsonNode)new JsonObject
                {
                    ["type"] = "button",
                    ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = link.Label },
                    ["url"] = link.Address.ToString(),
                })]),
            });
        }

        return new JsonObject { ["text"] = Escaped(title), ["blocks"] = blocks };
    }

    private static JsonObject Section(string text) => new() { ["type"] = "section", ["text"] = Mrkdwn(text) };

    private static JsonObject Mrkdwn(string text) => new() { ["type"] = "mrkdwn", ["text"] = text };

    /// <summary>So that nobody's text mentions a channel or makes a link.</summary>
    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
