using System.Globalization;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Reports;

/// <summary>How reports write times, durations, severities and statuses.</summary>
internal static class ReportWords
{
    public static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary><c>14:23</c>; on another day than the first sign with its date.</summary>
    public static string Clock(DateTimeOffset at, DateTimeOffset first) =>
        at.UtcDateTime.ToString(at.UtcDateTime.Date == first.UtcDateTime.Date ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string? Minutes(TimeSpan? time) => time switch
    {
        null => null,
        { TotalMinutes: < 1 } => "under 1 minute",
        { TotalMinutes: < 2 } => "1 minute",
        { } some => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(some.TotalMinutes)} minutes"),
    };

    /// <summary>The scale of seed 002.</summary>
    public static string Scale(Severity severity) => $"P{(int)severity - 1}";

    public static string Both(Severity severity) => $"{Scale(severity)} ({severity.Name()})";

    /// <summary>Seed 002's template knows Resolved, Investigating and Mitigated.</summary>
    public static string Status(IncidentStatus status) => status switch
    {
        IncidentStatus.Declared or IncidentStatus.Assessing or IncidentStatus.Mitigating => "Investigating",
        IncidentStatus.Monitoring => "Mitigated",
        IncidentStatus.Canceled => "Canceled (false alarm)",
        _ => "Resolved",
    };

}
