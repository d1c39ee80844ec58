using System.Text.Json.Serialization;

namespace IncidentActors.Core.Incidents;

/// <summary>
/// <c>declared → assessing → mitigating → monitoring → resolved → closed</c>, and <c>canceled</c> (false alarm). Mitigated is not resolved.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<IncidentStatus>))]
public enum IncidentStatus
{
    [JsonStringEnumMemberName("declared")] Declared,
    [JsonStringEnumMemberName("assessing")] Assessing,
    [JsonStringEnumMemberName("mitigating")] Mitigating,
    [JsonStringEnumMemberName("monitoring")] Monitoring,
    [JsonStringEnumMemberName("resolved")] Resolved,
    [JsonStringEnumMemberName("closed")] Closed,
    [JsonStringEnumMemberName("canceled")] Canceled,
}

public static class IncidentStatuses
{
    public static string Name(this IncidentStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>Declared and not yet resolved, closed or canceled: alerts of the same key join it.</summary>
    public static bool IsOngoing(this IncidentStatus status) => status < IncidentStatus.Resolved;
}
