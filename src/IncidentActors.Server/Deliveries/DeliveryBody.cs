using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Deliveries.Templates;
using IncidentActors.Server.Events;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Deliveries;

/// <summary>Events as what is sent: the same event for the same subscription is always the same delivery.</summary>
internal static class DeliveryBody
{
    /// <param name="files">The incident's files, for <see cref="DeliveryFormat.Files"/>.</param>
    /// <param name="about">What an approval request is about, for Slack and Teams; else null.</param>
    public static Delivery Of(
        Subscription subscription, StoredEvent stored, long number, DateTimeOffset now, Uri publicUrl, ImmutableArray<IncidentFile> files,
        QuestionContext? about) => new(
        Id(subscription.Id, stored), number, stored.Incident ?? stored.Actor.ToString(), stored.Name,
        Body(subscription.Format, stored, publicUrl, files, about), now, 0, now, null);

    /// <summary>Made from what the event is, so that a crash between sending and remembering gives it no other.</summary>
    private static string Id(string subscription, StoredEvent stored) =>
        "evt_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{subscription} {stored.Actor} {stored.Version}")))[..32];

    private static string Body(DeliveryFormat format, StoredEvent stored, Uri publicUrl, ImmutableArray<IncidentFile> files, QuestionContext? about)
    {
        if (format is DeliveryFormat.Standard or DeliveryFormat.Files)
        {
            var body = new JsonObject
            {
                ["type"] = stored.Name,
                ["timestamp"] = JsonSerializer.SerializeToNode(stored.At, ServerJson.Info<DateTimeOffset>()),
                ["data"] = JsonSerializer.SerializeToNode(EventView.Of(stored) with { Token = null }, ServerJson.Info<EventView>()),
            };
            if (format == DeliveryFormat.Files)
            {
                body["files"] = new JsonArray(
                    [.. files.Select(file => new JsonObject { ["path"] = file.Path, ["append"] = file.Append, ["content"] = file.Content })]);
            }

            return body.ToJsonString(ServerJson.Options);
        }

        var notice = Notice.Of(stored, publicUrl, about).Safe();
        return (format == DeliveryFormat.Slack ? SlackTemplate.Of(notice) : TeamsTemplate.Of(notice)).ToJsonString(ServerJson.Options);
    }
}
