namespace IncidentActors.Server.Alerts;

/// <summary>Alertmanager's webhook, version 4: the fields that are read here. Others are tolerated.</summary>
public sealed record AlertmanagerPayload
{
    public string? Version { get; init; }
    public string? GroupKey { get; init; }
    public string? Status { get; init; }
    public Dictionary<string, string>? GroupLabels { get; init; }
    public Dictionary<string, string>? CommonLabels { get; init; }
    public Dictionary<string, string>? CommonAnnotations { get; init; }
    public AlertmanagerAlert[]? Alerts { get; init; }

    /// <summary>How many alerts of the group the receiver's <c>max_alerts</c> left out.</summary>
    public long? TruncatedAlerts { get; init; }
}

/// <param name="EndsAt">0001-01-01: the alert is still firing.</param>
public sealed record AlertmanagerAlert(
    string? Status, Dictionary<string, string>? Labels, Dictionary<string, string>? Annotations, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt,
    string? Fingerprint);

/// <summary>The answer to a webhook.</summary>
public sealed record WebhookAnswer(IReadOnlyList<WebhookIncident> Incidents, IReadOnlyList<WebhookIgnored> Ignored);

/// <param name="Created">False: the alerts joined an ongoing incident.</param>
public sealed record WebhookIncident(string Id, bool Created);

public sealed record WebhookIgnored(string Fingerprint, string Reason);
