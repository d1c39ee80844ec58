namespace IncidentActors.Core.Agents;

/// <summary>How agents are named: <c>@</c>, a letter or digit, then up to 62 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>; lower case.</summary>
public static class Handle
{
    /// <summary>The system: sends owed messages and fires clocks. Callers may not use this handle.</summary>
    public const string System = "@system";

    /// <summary>Alerts that come by the Alertmanager webhook are declared under it.</summary>
    public const string Alertmanager = "@alertmanager";

    /// <summary>Alerts that come as PagerDuty events are declared under it.</summary>
    public const string PagerDuty = "@pagerduty";

    /// <summary>The built-in prober of sites declares under it.</summary>
    public const string Probe = "@probe";

    /// <summary>The human in the loop.</summary>
    public const string Operator = "@operator";

    /// <summary>The system and the sources of alerts: known without registering, never halted, and not usable by callers.</summary>
    public static bool IsReserved(string handle) => handle is System or Alertmanager or PagerDuty or Probe;

    /// <summary>Trims, lowers, and adds a missing <c>@</c>.</summary>
    public static string Normalize(string text)
    {
        text = text.Trim().ToLowerInvariant();
        return text.StartsWith('@') ? text : "@" + text;
    }

    public static bool IsWellFormed(string handle)
    {
        if (handle.Length is < 2 or > 64 || handle[0] != '@' || !IsLetterOrDigit(handle[1])) return false;
        foreach (var c in handle.AsSpan(1))
        {
            if (!IsLetterOrDigit(c) && c is not ('-' or '_' or '.')) return false;
        }

        return true;
    }

    private static bool IsLetterOrDigit(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9');
}
