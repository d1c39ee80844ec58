using System.Globalization;

namespace IncidentActors.Server.Pages.Parts;

/// <summary>Spans of time for people: <c>42s</c>, <c>3m 05s</c>, <c>2h 04m</c>, <c>3d 4h</c>. The script ticks in the same words.</summary>
public static class ClockText
{
    public static string Of(TimeSpan span)
    {
        span = span.Duration();
        return span switch
        {
            { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Seconds}s"),
            { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m {span.Seconds:00}s"),
            { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Hours}h {span.Minutes:00}m"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{span.Days}d {span.Hours}h"),
        };
    }
}
