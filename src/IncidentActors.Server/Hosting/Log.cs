namespace IncidentActors.Server.Hosting;

/// <summary>Every line that the server logs. Ids and rules, never bodies or secrets.</summary>
internal static partial class Log
{
    [LoggerMessage(20, LogLevel.Warning, "Deliveries of {Subscription} pause: {Sentence}")]
    public static partial void DeliveriesStalled(this ILogger log, string subscription, string sentence);

    [LoggerMessage(1, LogLevel.Information, "{Tool} by {Agent}: done{Again}, incident {IncidentId}, ATP {AtpId}")]
    public static partial void Done(this ILogger log, string tool, string agent, string again, string? incidentId, string? atpId);

    [LoggerMessage(2, LogLevel.Information, "{Tool} by {Agent}: refused by {Rule}, incident {IncidentId}, ATP {AtpId}")]
    public static partial void Refused(this ILogger log, string tool, string agent, string rule, string? incidentId, string? atpId);

    [LoggerMessage(3, LogLevel.Warning, "{Tool} by {Agent}: not available: {Sentence}")]
    public static partial void Away(this ILogger log, string tool, string agent, string sentence);

    [LoggerMessage(6, LogLevel.Information, "Alertmanager: {Alerts} alerts, {Ignored} ignored, incident {IncidentId}, new: {Created}")]
    public static partial void Alerted(this ILogger log, int alerts, int ignored, string? incidentId, bool created);

    [LoggerMessage(4, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void Failed(this ILogger log, string method, string path, Exception error);

    [LoggerMessage(7, LogLevel.Warning, "{MessageId} is acknowledged, but the lease of {Agent}'s session on it stays until it ends by itself: {Sentence}")]
    public static partial void LeaseKept(this ILogger log, string agent, string messageId, string sentence);

    [LoggerMessage(5, LogLevel.Warning, "The artifact {ArtifactId} of {AtpId} is committed but could not be written as a file")]
    public static partial void ArtifactNotWritten(this ILogger log, string atpId, string artifactId, Exception error);
}
