using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Server.Alerts;

/// <summary>One alert of a webhook in the system's words.</summary>
/// <param name="Severity">The higher of the labels severity and priority; SEV-3 when neither says; null: it says that nobody need act.</param>
/// <param name="Category">As its label says; null: it says none, and a halt condition that it meets decides.</param>
/// <param name="Description">What its author wrote about it, or null.</param>
internal sealed record AlertReading(
    AlertSeen Seen, Severity? Severity, IncidentCategory? Category, ImmutableSortedDictionary<string, string> Labels, string? Description)
{
    private const int LongestText = 300;
    private const int LongestName = 500;
    private const int LongestDescription = 4000;

    public bool Firing => Seen.Status == AlertStatus.Firing;

    public static AlertReading Of(AlertmanagerAlert alert)
    {
        var labels = (alert.Labels ?? []).Where(label => label.Value is not null).ToImmutableSortedDictionary(StringComparer.Ordinal);
        var name = labels.GetValueOrDefault("alertname") is { } given && !string.IsNullOrWhiteSpace(given) ? given : "Alert";
        var summary = Said(alert, "summary", LongestText);
        var status = string.Equals(alert.Status, "resolved", StringComparison.OrdinalIgnoreCase) ? AlertStatus.Resolved : AlertStatus.Firing;
        var starts = (alert.StartsAt ?? default).ToUniversalTime();
        var ends = alert.EndsAt is { Year: > 1 } end ? end.ToUniversalTime() : (DateTimeOffset?)null;
        var severity = SeverityOf(labels);
        var seen = new AlertSeen(
            Name(string.IsNullOrWhiteSpace(alert.Fingerprint) ? Fingerprint(labels) : alert.Fingerprint), Short(name), status,
            starts, status == AlertStatus.Firing && ends < starts ? null : ends, summary, severity);
        return new AlertReading(seen, severity, CategoryOf(labels), labels, Said(alert, "description", LongestDescription));
    }

    /// <summary>A name that a store can find again: what is longer than an index takes is shortened, and stays distinct by its hash.</summary>
    public static string Name(string text) =>
        text.Length <= LongestName ? text : $"{Shortened.To(text, LongestName - 65)}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static Severity? SeverityOf(ImmutableSortedDictionary<string, string> labels)
    {
        Severity? found = null;
        var harmless = false;
        foreach (var label in (ImmutableArray<string>)["severity", "priority"])
        {
            if (!labels.TryGetValue(label, out var text) || text.Length == 0) continue;
            if (Severities.TryParse(text, out var severity))
                found = found is { } other ? Severities.Higher(other, severity) : severity;
            else
                harmless |= text.Trim().ToLowerInvariant() is "none" or "info" or "informational" or "debug";
        }

        return found ?? (harmless ? null : Core.Incidents.Severity.Sev3);
    }

    private static IncidentCategory? CategoryOf(ImmutableSortedDictionary<string, string> labels) =>
        labels.TryGetValue("category", out var text) && !string.IsNullOrWhiteSpace(text) && IncidentCategories.TryParse(text, out var category)
            ? category
            : null;

    private static string Fingerprint(ImmutableSortedDictionary<string, string> labels)
    {
        var text = string.Join('\n', labels.Select(label => $"{label.Key}={label.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    private static string? Said(AlertmanagerAlert alert, string annotation, int most) =>
        (alert.Annotations ?? []).GetValueOrDefault(annotation) is { } text && !string.IsNullOrWhiteSpace(text) ? Short(text, most) : null;

    private static string Short(string text, int most = LongestText) => Shortened.To(text, most);
}
