using System.Globalization;
using System.Text.RegularExpressions;

namespace IncidentActors.Core.Flows;

/// <summary>Durations as people write them in flows: <c>30s</c>, <c>15m</c>, <c>24h</c>, <c>7d</c>, <c>1h30m</c>.</summary>
public static partial class FlowDuration
{
    /// <summary>What a duration looks like, for sentences about one that does not.</summary>
    public const string Form = "a number and s, m, h or d, greater than zero and at most 366d: 30s, 15m, 24h, 7d, 1h30m";

    private static readonly TimeSpan Max = TimeSpan.FromDays(366);

    /// <returns>False, and zero, when <paramref name="text"/> is not of the form <see cref="Form"/>.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var match = Shape().Match(text);
        if (!match.Success) return false;
        var total = Part(match, "d") * 86_400 + Part(match, "h") * 3_600 + Part(match, "m") * 60 + Part(match, "s");
        if (total == 0 || total > (long)Max.TotalSeconds) return false;
        duration = TimeSpan.FromSeconds(total);
        return true;
    }

    /// <summary>The shortest usual writing, whole seconds: <c>24h</c> stays hours, <c>168h</c> is <c>7d</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var days = seconds > 86_400 ? seconds / 86_400 : 0;
        var rest = seconds - days * 86_400;
        var text = Piece(days, "d") + Piece(rest / 3_600, "h") + Piece(rest / 60 % 60, "m") + Piece(rest % 60, "s");
        return text.Length == 0 ? "0s" : text;
    }

    private static string Piece(long count, string unit) => count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture) + unit;

    private static long Part(Match match, string unit) =>
        match.Groups[unit] is { Success: true } part ? long.Parse(part.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^(?=[0-9])(?:(?<d>[0-9]{1,6})d)?(?:(?<h>[0-9]{1,6})h)?(?:(?<m>[0-9]{1,6})m)?(?:(?<s>[0-9]{1,8})s)?\\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
