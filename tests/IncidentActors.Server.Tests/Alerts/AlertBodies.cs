namespace IncidentActors.Server.Tests;

/// <summary>One alert as the tools outside send it.</summary>
internal static class AlertBodies
{
    /// <param name="labels">An object whose properties are the labels.</param>
    public static object Alertmanager(object labels, string summary) => new
    {
        version = "4", groupKey = summary, truncatedAlerts = 0, status = "firing", receiver = "incident-actors", groupLabels = new { }, commonLabels = labels,
        commonAnnotations = new { summary }, externalURL = "http://alertmanager.example",
        alerts = new[]
        {
            new
            {
                status = "firing", labels, annotations = new { summary }, startsAt = "2026-01-26T14:23:00Z", endsAt = "0001-01-01T00:00:00Z",
                generatorURL = "http://prometheus.example/graph", fingerprint = "d1117bd1117bd111",
            },
        },
    };

    public static object PagerDuty(string summary) => new
    {
        routing_key = "key", event_action = "trigger", dedup_key = "db-1", payload = new { summary, source = "db", severity = "error" },
    };
}
