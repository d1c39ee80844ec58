namespace IncidentActors.Server.Hosting;

/// <summary>Every line that the server logs. Ids and rules, never bodies or secrets.</summary>
internal static partial class Log
{
    [LoggerMessage(90, LogLevel.Warning, "{Warning}")]
    public static partial void RosterLacks(this ILogger log, string warning);

    [LoggerMessage(91, LogLevel.Warning, "Trial with --clock-speed: the clock runs {Speed} times as fast as the real one and shows {Now:u}")]
    public static partial void OnTrial(this ILogger log, double speed, DateTimeOffset now);

    [LoggerMessage(26, LogLevel.Warning, "Reports are not written below {Folder}, and are tried again: {Sentence}")]
    public static partial void ReportsNotWritten(this ILogger log, string folder, string sentence);

    [LoggerMessage(20, LogLevel.Warning, "Deliveries of {Subscription} pause: {Sentence}")]
    public static partial void DeliveriesStalled(this ILogger log, string subscription, string sentence);

    /// <summary>In place of an id that there is none of.</summary>
    public const string None = "none";

    [LoggerMessage(1, LogLevel.Information, "{Tool} by {Agent}: done{Again}, incident {IncidentId}, ATP {AtpId}")]
    public static partial void Done(this ILogger log, string tool, string agent, string again, string incidentId, string atpId);

    [LoggerMessage(2, LogLevel.Information, "{Tool} by {Agent}: refused by {Rule}, incident {IncidentId}, ATP {AtpId}")]
    public static partial void Refused(this ILogger log, string tool, string agent, string rule, string incidentId, string atpId);

    [LoggerMessage(3, LogLevel.Warning, "{Tool} by {Agent}: unavailable: {Sentence}")]
    public static partial void Away(this ILogger log, string tool, string agent, string sentence);

    [LoggerMessage(6, LogLevel.Information, "Alertmanager: {Alerts} alerts, {Ignored} ignored, incident {IncidentId}, new: {Created}")]
    public static partial void Alerted(this ILogger log, int alerts, int ignored, string incidentId, bool created);

    [LoggerMessage(21, LogLevel.Warning, "An alert of {Source} is refused with {Status} by {Rule}; its sender will not repeat it: {Sentence}")]
    public static partial void AlertRefused(this ILogger log, string source, int status, string rule, string sentence);

    [LoggerMessage(22, LogLevel.Warning, "A notification of {Source} exceeds the size limit; left out: {Cut}")]
    public static partial void AlertsCut(this ILogger log, string source, string cut);

    [LoggerMessage(23, LogLevel.Information, "PagerDuty event: {Action} of {Key}, incident {IncidentId}")]
    public static partial void Paged(this ILogger log, string action, string key, string incidentId);

    [LoggerMessage(24, LogLevel.Warning, "The receiver of {Subscription} refuses {Event} for good: {Sentence}")]
    public static partial void DeliveryRefused(this ILogger log, string subscription, string @event, string sentence);

    [LoggerMessage(25, LogLevel.Error, "Deliveries of {Subscription} failed; they begin again where they stopped")]
    public static partial void DeliveriesFailed(this ILogger log, string subscription, Exception error);

    [LoggerMessage(4, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void Failed(this ILogger log, string method, string path, Exception error);

    [LoggerMessage(7, LogLevel.Warning, "{MessageId} is acknowledged, but the lease of {Agent}'s session on it stays until it ends by itself: {Sentence}")]
    public static partial void LeaseKept(this ILogger log, string agent, string messageId, string sentence);

    [LoggerMessage(8, LogLevel.Information, "{Action}: {Token} of {Handle} with the roles {Roles}, by {By} with the token {ByToken}")]
    public static partial void TokenChanged(this ILogger log, string action, string token, string handle, string roles, string by, string? byToken);

    [LoggerMessage(9, LogLevel.Warning, "Access refused by {Rule}: token {Token}, {Method} {Path} from {Address}")]
    public static partial void AccessRefused(this ILogger log, string rule, string? token, string method, string? path, string? address);

    [LoggerMessage(5, LogLevel.Warning, "The artifact {ArtifactId} of {AtpId} is committed but could not be written as a file")]
    public static partial void ArtifactNotWritten(this ILogger log, string atpId, string artifactId, Exception error);

    [LoggerMessage(27, LogLevel.Warning, "Not ready: {Journal}: {Reason}")]
    public static partial void NotReady(this ILogger log, string journal, string reason);
}
