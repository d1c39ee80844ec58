using System.Collections.Immutable;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Routes;

/// <summary>What routes look at: one alert, a probe's finding, or a declaration.</summary>
/// <param name="Source"><c>alertmanager</c>, <c>pagerduty</c>, <c>probe</c>, <c>api</c>, <c>command</c> or <c>atp</c>; given by the server, never by the
/// sender.</param>
/// <param name="Category">As a person has declared it; alerts say theirs by labels.</param>
/// <param name="Severity">As a person has declared it or the prober has found it; alerts say theirs by labels.</param>
/// <param name="Roles">Of the handle that a declaration names or that began its work.</param>
public sealed record Signal(
    string Source, ImmutableSortedDictionary<string, string> Labels, string Name = "", string Text = "", IncidentCategory? Category = null,
    Severity? Severity = null, ImmutableArray<string> Roles = default)
{
    private ImmutableDictionary<string, string>? byName;
    private ImmutableArray<string> words;

    /// <summary>The label's value; names ignore case. Null if the label is missing or blank.</summary>
    public string? Label(string name)
    {
        byName ??= Labels.GroupBy(label => label.Key, StringComparer.OrdinalIgnoreCase)
            .ToImmutableDictionary(same => same.Key, same => same.First().Value.Trim(), StringComparer.OrdinalIgnoreCase);
        return byName.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>The words of its name and text, in order.</summary>
    public ImmutableArray<string> Words => words.IsDefault ? words = [.. RouteWords.Of(Name), .. RouteWords.Of(Text)] : words;

    /// <summary>Each alert's own, or what the declaration says.</summary>
    public static ImmutableArray<Signal> Of(DeclareIncident declare, ImmutableArray<string> roles)
    {
        if (declare.Signals is { Length: > 0 } signals) return Of(declare.Source, signals, declare.Alerts);
        var text = declare.Alerts.IsEmpty ? "" : string.Join('\n', declare.Alerts.Take(20).Select(alert => $"{alert.Name} {alert.Summary}"));
        if (text.Length > 0) text += " " + declare.Description;
        return [new Signal(declare.Source, declare.Labels, declare.Title, text, declare.Category, declare.Severity, roles)];
    }

    /// <summary>The values of new firing alerts; if they have none, the common values of the group.</summary>
    /// <param name="source">Of the incident that they join.</param>
    public static ImmutableArray<Signal> Of(JoinAlerts join, IReadOnlyCollection<AlertSeen> news, string source)
    {
        var firing = news.Where(alert => alert.Status == AlertStatus.Firing).Select(alert => alert.Fingerprint).ToHashSet();
        source = join.Source ?? source;
        if (join.Signals is { } signals) return Of(source, signals.Where(signal => firing.Contains(signal.Fingerprint)), join.Alerts);
        if (!join.Alerts.IsEmpty && firing.Count == 0) return [];
        var labels = join.Labels ?? ImmutableSortedDictionary<string, string>.Empty;
        return [new Signal(source, labels, string.Join(' ', news.Select(alert => alert.Name)), "", null, join.Alerts.IsEmpty ? join.Severity : null)];
    }

    /// <param name="alert">The alert that the signal is of, or null.</param>
    public static Signal Of(string source, AlertSignal signal, AlertSeen? alert) =>
        new(source, signal.Labels, alert?.Name ?? "", $"{alert?.Summary} {signal.Text}", signal.Category);

    private static ImmutableArray<Signal> Of(string source, IEnumerable<AlertSignal> signals, ImmutableArray<AlertSeen> alerts)
    {
        var byFingerprint = alerts.GroupBy(alert => alert.Fingerprint).ToDictionary(same => same.Key, same => same.First());
        return [.. signals.Select(signal => Of(source, signal, byFingerprint.GetValueOrDefault(signal.Fingerprint)))];
    }
}
