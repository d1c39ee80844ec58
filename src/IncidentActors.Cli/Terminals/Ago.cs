using System.Globalization;

namespace IncidentActors.Cli.Terminals;

/// <summary>Times as people read them: how long ago, and the time itself in UTC.</summary>
internal static class Ago
{
    /// <summary><c>12m ago (03:14:05Z)</c>; with the date when it is another day; <c>in 23h</c> for the future.</summary>
    public static string Both(DateTimeOffset at, DateTimeOffset now) => $"{Relative(at, now)} ({Clock(at, now)})";

    public static string Both(DateTimeOffset? at, DateTimeOffset now) => at is { } known ? Both(known, now) : "-";

    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var span = now - at;
        if (span.Duration() < TimeSpan.FromSeconds(1)) return "now";
        return span < TimeSpan.Zero ? $"in {Length(-span)}" : $"{Length(span)} ago";
    }

    public static string Clock(DateTimeOffset at, DateTimeOffset now) =>
        at.UtcDateTime.ToString(at.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss'Z'" : "yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>The two greatest units: <c>1h 05m</c>, <c>42s</c>.</summary>
    public static string Length(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalSeconds}s"),
        { TotalMinutes: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}m {span.Seconds:D2}s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}m"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}h {span.Minutes:D2}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays}d {span.Hours:D2}h"),
    };
}
