using System.Text.Json.Nodes;

namespace IncidentActors.Server.Deliveries.Templates;

/// <summary>A notice for a Teams workflow: a message with one Adaptive Card.</summary>
internal static class TeamsTemplate
{
    public static JsonObject Of(Notice notice)
    {
        var body = new JsonArray
        {
            new JsonObject
            {
                ["type"] = "TextBlock", ["text"] = notice.Title, ["weight"] = "Bolder", ["size"] = "Large", ["wrap"] = true,
                ["color"] = notice.Urgent ? "Attention" : "Default",
            },
        };
        if (notice.Text.Length > 0) body.Add(new JsonObject { ["type"] = "TextBlock", ["text"] = notice.Text, ["wrap"] = true });
        body.Add(new JsonObject
        {
            ["type"] = "FactSet",
            ["facts"] = new JsonArray([.. notice.Facts.Select(fact => (JsonNode)new JsonObject { ["title"] = fact.Name, ["value"] = fact.Value })]),
        });
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["body"] = body,
            ["actions"] = new JsonArray(
                [
                    .. notice.Links.Select(
                        link =>
                            (JsonNode)new JsonObject
                            {
                                ["type"] = "Action.OpenUrl", ["title"] = link.Label, ["url"] = link.Address.ToString(),
                            }),
                ]),
        };
        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(
                new JsonObject { ["contentType"] = "application/vnd.microsoft.card.adaptive", ["contentUrl"] = null, ["content"] = card }),
        };
    }
}
