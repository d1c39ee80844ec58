using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Alerts;

namespace IncidentActors.Server.PagerDuty;

internal enum PagerDutyAction
{
    Trigger,
    Acknowledge,
    Resolve,
}

/// <summary>One event of PagerDuty's Events API v2 or v1. Unknown fields are tolerated; what is too long is cut with a mark.</summary>
/// <param name="DedupKey">Null on a trigger: one is made.</param>
/// <param name="Description">Details that are too long for a label, and the pages and pictures that the event links, as Markdown; or null.</param>
internal sealed record PagerDutyEvent(
    string RoutingKey, PagerDutyAction Action, string? DedupKey, string Summary, string Source, DateTimeOffset? At,
    ImmutableSortedDictionary<string, string> Labels, string? Description = null, string? Text = null)
{
    private const string KeyOfV1 = "service_key";
    private const int MaxSummary = 1024;
    private const int MaxSource = 300;
    private const int MaxDetails = 4000;

    /// <summary>Details that hold labels: the environment of Datadog's and Zabbix's alerts is one of their tags.</summary>
    private static readonly string[] TagNames = ["tags", "Event tags", "event_tags"];

    /// <summary>Its sender is answered as by Events API v1.</summary>
    public bool IsV1 { get; private init; }

    /// <summary>The events of a body that is a list of them; null: it is one event.</summary>
    public static ImmutableArray<JsonObject>? ListIn(JsonObject root) =>
        !root.ContainsKey("event_action") && root["alerts"] is JsonArray list && list.OfType<JsonObject>().ToImmutableArray() is { Length: > 0 } events
            ? events
            : null;

    /// <summary>The event, or all reasons why it is not valid.</summary>
    /// <param name="headerKey">The routing key of the header <c>X-Routing-Key</c>, for senders that do not put it into the body.</param>
    public static (PagerDutyEvent? Event, ImmutableArray<string> Errors) Read(JsonObject json, string? headerKey)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        var v1 = json.ContainsKey(KeyOfV1) && !json.ContainsKey("routing_key");
        if (v1) json = OfV1(json);
        var key = json.Text("routing_key")?.Trim() ?? headerKey ?? Missing("'routing_key' (version 1: 'service_key')", errors);
        var action = json.Text("event_action")?.Trim().ToLowerInvariant() switch
        {
            "trigger" => PagerDutyAction.Trigger,
            "acknowledge" => PagerDutyAction.Acknowledge,
            "resolve" => PagerDutyAction.Resolve,
            null => Wrong("'event_action' (version 1: 'event_type') is missing or blank", errors),
            _ => Wrong("'event_action' must be one of trigger, acknowledge, resolve", errors),
        };
        var dedup = json.Text("dedup_key")?.Trim();
        if (action != PagerDutyAction.Trigger)
        {
            if (dedup is null) errors.Add("'dedup_key' (version 1: 'incident_key') is missing or blank");
            var end = new PagerDutyEvent(key, action, dedup, "", "", null, ImmutableSortedDictionary<string, string>.Empty) { IsV1 = v1 };
            return (end, errors.ToImmutable());
        }

        if (json.Object("payload") is not { } payload)
        {
            errors.Add("'payload' is missing or is not an object");
            return (null, errors.ToImmutable());
        }

        var source = payload.Text("source")?.Trim() ?? "unknown";
        // A template that gives no summary must not lose the page.
        var summary = (payload.Text("summary") ?? payload.Text("description") ?? json.Text("description"))?.Trim() ?? $"Alert of {source}";
        var details = Details(payload, json.Text("client"));
        var read = new PagerDutyEvent(
            key,
            action,
            dedup,
            Shortened.To(summary, MaxSummary),
            Shortened.To(source, MaxSource),
            payload.Time("timestamp"),
            AlertLabels.Bounded(details),
            Described(details, AlertLinks.Lines(AlertLinks.OfEvent(json))),
            payload.Object("custom_details") is { } own ? Written(own) : null) { IsV1 = v1 };
        return (read, errors.ToImmutable());
    }

    /// <summary>An event of Events API v1 in the shape of v2.</summary>
    private static JsonObject OfV1(JsonObject given)
    {
        var contexts = given.List("contexts")?.ToLookup(context => context.Text("type") == "image");
        return new JsonObject
        {
            ["routing_key"] = given.Text(KeyOfV1),
            ["event_action"] = given.Text("event_type"),
            ["dedup_key"] = given.Text("incident_key"),
            ["client"] = given.Text("client"),
            ["client_url"] = given.Text("client_url"),
            ["payload"] = new JsonObject
            {
                ["summary"] = given.Text("description"), ["source"] = given.Text("client"), ["custom_details"] = given["details"]?.DeepClone(),
            },
            ["links"] = new JsonArray([.. contexts?[false].Select(link => link?.DeepClone()) ?? []]),
            ["images"] = new JsonArray([.. contexts?[true].Select(image => image?.DeepClone()) ?? []]),
        };
    }

    private static string Missing(string name, ImmutableArray<string>.Builder errors)
    {
        errors.Add($"{name} is missing or blank");
        return "";
    }

    private static PagerDutyAction Wrong(string error, ImmutableArray<string>.Builder errors)
    {
        errors.Add(error);
        return PagerDutyAction.Trigger;
    }

    /// <summary>What the sender says besides, and its own details; those that are lists or objects as their JSON.</summary>
    private static Dictionary<string, string> Details(JsonObject payload, string? client)
    {
        var details = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in (string[])["source", "component", "group", "class", "severity"]) Add(name, payload[name]);
        var own = payload.Texts("custom_details");
        foreach (var (name, value) in own) details.TryAdd(name, value);
        if (payload["custom_details"] is not JsonObject) Add("custom_details", payload["custom_details"]);
        foreach (var tags in TagNames)
        {
            foreach (var (name, value) in payload.Object("custom_details").Texts(tags)) details.TryAdd(name, value);
        }

        if (client is not null) details.TryAdd("client", client);
        return details;

        void Add(string name, JsonNode? value)
        {
            if (LenientText.Text(value) is { } text) details[name] = text;
        }
    }

    /// <summary>What the sender's details say in words, for the rules.</summary>
    private static string? Written(JsonObject details)
    {
        var texts = (string[])["description", "message", "body", "title", "event_name", "trigger_name", "error"];
        var written = string.Join('\n', texts.Select(name => details.Text(name)).OfType<string>());
        return written.Length == 0 ? null : Shortened.Cut(written, AlertReading.MaxRouted);
    }

    /// <summary>Details that a label would cut are kept here in full, up to a separate bound.</summary>
    private static string? Described(Dictionary<string, string> details, string? links)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in details.Where(detail => detail.Value.Length > AlertLabels.MaxValue && text.Length < MaxDetails))
            text.Append(Shortened.To(name, 100)).Append(":\n\n").Append(Shortened.To(value, MaxDetails - text.Length)).Append("\n\n");
        if (links is not null) text.Append(links);
        return text.Length == 0 ? null : text.ToString().TrimEnd();
    }
}
