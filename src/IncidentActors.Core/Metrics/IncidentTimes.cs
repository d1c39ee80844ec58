using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Metrics;

/// <summary>The times of the MTTx metrics, each defined here and nowhere else; null: not reached yet.</summary>
public static class IncidentTimes
{
    public static TimeSpan? ToDetect(IncidentState incident) => incident.DetectedAt - incident.StartedAt;

    public static TimeSpan? ToAcknowledge(IncidentState incident) => incident.AcknowledgedAt - incident.DeclaredAt;

    public static TimeSpan? ToMitigate(IncidentState incident) => incident.MitigatedAt - incident.StartedAt;

    public static TimeSpan? ToResolve(IncidentState incident) => incident.ResolvedAt - incident.StartedAt;
}
