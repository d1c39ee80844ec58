namespace IncidentActors.Server.Hosting;

/// <summary>Every line that the server logs. Ids and rules, never bodies or secrets.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Tool} by {Agent}: done, {Actor} at version {Version}")]
    public static partial void Done(this ILogger log, string tool, string agent, string? actor, long version);

    [LoggerMessage(2, LogLevel.Information, "{Tool} by {Agent}: refused with {Status} by {Rule}")]
    public static partial void Refused(this ILogger log, string tool, string agent, int status, string rule);

    [LoggerMessage(3, LogLevel.Warning, "{Tool} by {Agent}: not available: {Sentence}")]
    public static partial void Away(this ILogger log, string tool, string agent, string sentence);

    [LoggerMessage(4, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void Failed(this ILogger log, string method, string path, Exception error);

    [LoggerMessage(5, LogLevel.Warning, "The artifact {ArtifactId} of {AtpId} is committed but could not be written as a file")]
    public static partial void ArtifactNotWritten(this ILogger log, string atpId, string artifactId, Exception error);

    [LoggerMessage(6, LogLevel.Information, "Alertmanager: {Incidents} incidents ({Created} new), {Ignored} alerts ignored, {IncidentId}")]
    public static partial void Alerted(this ILogger log, int incidents, int created, int ignored, string? incidentId);
}
