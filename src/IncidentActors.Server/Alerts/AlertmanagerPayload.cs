using System.Text.Json.Nodes;

namespace IncidentActors.Server.Alerts;

/// <summary>
/// A notification of Alertmanager's webhook (version "4"), of Grafana's (version "1", with additional fields), or of a sender that imitates one of
/// them. Other fields are tolerated, and so are other kinds of values: see <see cref="LenientText"/>.
/// </summary>
public sealed record AlertmanagerPayload
{
    public string? Version { get; init; }
    public string? GroupKey { get; init; }

    /// <summary>Of all alerts that do not say their own.</summary>
    public string? Status { get; init; }

    /// <summary>The Alertmanager that sends: groups and alerts belong to it.</summary>
    public string? ExternalURL { get; init; }
    public AlertmanagerAlert[]? Alerts { get; init; }

    /// <summary>How many alerts of the group the sender left out (<c>max_alerts</c>).</summary>
    public long? TruncatedAlerts { get; init; }

    /// <param name="root">Alerts that are no objects are left out; null: there is no alert.</param>
    internal static AlertmanagerPayload Of(JsonObject root) => root.Object("Message") is { } carried && carried.ContainsKey("alerts") ? Of(carried) : new()
    {
        Version = root.Text("version"),
        GroupKey = root.Text("groupKey"),
        Status = root.Text("status"),
        ExternalURL = root.Text("externalURL"),
        Alerts = AlertsIn(root)?.OfType<JsonObject>().Select(alert => AlertmanagerAlert.Of(IsAlert(alert) ? alert : OtherAlert.Of(alert) ?? alert)).ToArray(),
        TruncatedAlerts = long.TryParse(root.Text("truncatedAlerts"), out var truncated) ? truncated : null,
    };

    /// <summary>The list of alerts, that in a message of Amazon SNS, or the one alert that the notification itself is.</summary>
    private static JsonArray? AlertsIn(JsonObject root) =>
        root.List("alerts") ?? (root.List("Message") is { } carried && carried.OfType<JsonObject>().Any(IsAlert) ? carried : null)
            ?? (IsAlert(root) || OtherAlert.Of(root) is not null ? [root.DeepClone()] : null);

    private static bool IsAlert(JsonObject one) => one.ContainsKey("labels") || one.ContainsKey("annotations");
}

/// <param name="EndsAt">0001-01-01: the alert is still firing.</param>
/// <param name="DashboardURL">Grafana's, as <paramref name="PanelURL"/>, <paramref name="SilenceURL"/> and <paramref name="ImageURL"/> are.</param>
/// <param name="ValueString">Grafana's: what was measured.</param>
public sealed record AlertmanagerAlert(
    string? Status, Dictionary<string, string>? Labels, Dictionary<string, string>? Annotations, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt,
    string? Fingerprint, string? GeneratorURL = null, string? DashboardURL = null, string? PanelURL = null, string? SilenceURL = null,
    string? ImageURL = null, string? ValueString = null)
{
    internal static AlertmanagerAlert Of(JsonObject alert) => new(
        alert.Object("status")?.Text("state") ?? alert.Text("status"), alert.Texts("labels"), alert.Texts("annotations"), alert.Time("startsAt"),
        alert.Time("endsAt"), alert.Text("fingerprint"),
        alert.Text("generatorURL"), alert.Text("dashboardURL"), alert.Text("panelURL"), alert.Text("silenceURL"), alert.Text("imageURL"),
        alert.Text("valueString"));
}

/// <summary>The answer to a webhook.</summary>
/// <param name="Cut">What of the notification was left out, because it is larger than what is read; absent: nothing.</param>
public sealed record WebhookAnswer(
    IReadOnlyList<WebhookIncident> Incidents, IReadOnlyList<WebhookIgnored> Ignored,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<string>? Cut = null);

/// <param name="Created">False: the alerts joined an ongoing incident.</param>
public sealed record WebhookIncident(string Id, bool Created);

public sealed record WebhookIgnored(string Fingerprint, string Reason);
