using System.Globalization;

namespace IncidentActors.Core.Incidents;

/// <summary>When something may have begun to break.</summary>
public static class FirstSign
{
    /// <summary>Earlier times are those of clocks that were never set (the years 1 and 1970): averages of detection would be of centuries.</summary>
    public static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm"];

    /// <summary>The time that an assessment's answer names: RFC 3339, a date with a time, or a time of the day, <c>14:23</c>, UTC; null: none that lies
    /// before the detection.</summary>
    public static DateTimeOffset? Read(string? since, DateTimeOffset detected)
    {
        var text = since?.Trim().TrimEnd('.').Replace(" UTC", "", StringComparison.OrdinalIgnoreCase) ?? "";
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        DateTimeOffset? at = TimeOnly.TryParseExact(text, ["HH:mm", "H:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? OnOrBefore(time, detected)
            : DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, Utc, out var whole) ? whole : null;
        return at >= Earliest && at <= detected ? at : null;
    }

    /// <summary>The last time that a clock showed it.</summary>
    private static DateTimeOffset OnOrBefore(TimeOnly time, DateTimeOffset detected)
    {
        var day = new DateTimeOffset(detected.UtcDateTime.Date + time.ToTimeSpan(), TimeSpan.Zero);
        return day <= detected ? day : day.AddDays(-1);
    }
}
