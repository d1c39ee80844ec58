using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Server.PagerDuty;

internal enum PagerDutyAction
{
    Trigger,
    Acknowledge,
    Resolve,
}

/// <summary>One event of PagerDuty's Events API v2. Unknown fields are tolerated.</summary>
/// <param name="DedupKey">Null on a trigger: one is made.</param>
/// <param name="Description">Who sent it, and the pages and pictures that it links, as Markdown; or null.</param>
internal sealed record PagerDutyEvent(
    string RoutingKey, PagerDutyAction Action, string? DedupKey, string Summary, string Source, Severity Severity, DateTimeOffset? At,
    ImmutableSortedDictionary<string, string> Labels, string? Description = null)
{
    private const int LongestKey = 255;
    private const int LongestSummary = 1024;
    private const int LongestLabel = 1000;

    /// <summary>The event, or every reason why it is none.</summary>
    public static (PagerDutyEvent? Event, ImmutableArray<string> Errors) Read(JsonElement json)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        var key = Required(json, "routing_key", LongestKey, errors);
        var action = Required(json, "event_action", LongestKey, errors) switch
        {
            "trigger" => PagerDutyAction.Trigger,
            "acknowledge" => PagerDutyAction.Acknowledge,
            "resolve" => PagerDutyAction.Resolve,
            "" => default,
            _ => Wrong("'event_action' is one of trigger, acknowledge, resolve", PagerDutyAction.Trigger, errors),
        };
        var dedup = Optional(json, "dedup_key", LongestKey, errors);
        if (action != PagerDutyAction.Trigger)
        {
            if (dedup is null) errors.Add("'dedup_key' is missing or blank");
            return (new PagerDutyEvent(key, action, dedup, "", "", default, null, ImmutableSortedDictionary<string, string>.Empty), errors.ToImmutable());
        }

        if (!json.TryGetProperty("payload", out var payload) || payload.ValueKind != JsonValueKind.Object)
        {
            errors.Add("'payload' is missing or is no object");
            return (null, errors.ToImmutable());
        }

        var severity = Required(payload, "severity", LongestKey, errors) switch
        {
            "critical" => Severity.Sev1,
            "error" => Severity.Sev2,
            "warning" => Severity.Sev3,
            "info" => Severity.Sev4,
            "" => default,
            _ => Wrong("'payload.severity' is one of critical, error, warning, info", default(Severity), errors),
        };
        var read = new PagerDutyEvent(
            key,
            action,
            dedup,
            Required(payload, "summary", LongestSummary, errors),
            Required(payload, "source", LongestLabel, errors),
            severity,
            Time(payload, errors),
            Labelled(payload),
            PagerDutyLinks.Described(json));
        return (read, errors.ToImmutable());
    }

    private static string Required(JsonElement json, string name, int longest, ImmutableArray<string>.Builder errors)
    {
        var value = Optional(json, name, longest, errors);
        if (value is null && errors.All(error => !error.StartsWith($"'{name}'", StringComparison.Ordinal))) errors.Add($"'{name}' is missing or blank");
        return value ?? "";
    }

    private static string? Optional(JsonElement json, string name, int longest, ImmutableArray<string>.Builder errors)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.String || value.GetString()!.Length > longest)
        {
            errors.Add($"'{name}' is a text of at most {longest} characters");
            return null;
        }

        return string.IsNullOrWhiteSpace(value.GetString()) ? null : value.GetString()!.Trim();
    }

    private static T Wrong<T>(string error, T value, ImmutableArray<string>.Builder errors)
    {
        errors.Add(error);
        return value;
    }

    private static DateTimeOffset? Time(JsonElement payload, ImmutableArray<string>.Builder errors)
    {
        if (!payload.TryGetProperty("timestamp", out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return at.ToUniversalTime();
        errors.Add("'payload.timestamp' is a time of ISO 8601");
        return null;
    }

    /// <summary>What the sender says besides, and its own details; those that are lists or objects as their JSON.</summary>
    private static ImmutableSortedDictionary<string, string> Labelled(JsonElement payload)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var name in new[] { "source", "component", "group", "class" }) Add(name, payload);
        if (payload.TryGetProperty("custom_details", out var details) && details.ValueKind == JsonValueKind.Object)
        {
            foreach (var detail in details.EnumerateObject().Take(50).Where(detail => !labels.ContainsKey(detail.Name) && detail.Name.Length <= LongestLabel))
                Add(detail.Name, details);
        }
        else if (details.ValueKind is not JsonValueKind.Undefined)
        {
            Add("custom_details", payload);
        }

        return labels.ToImmutable();

        void Add(string name, JsonElement from)
        {
            if (!from.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null) return;
            var text = value.ToString();
            if (text.Length is > 0 and <= LongestLabel) labels[name] = text;
        }
    }
}
