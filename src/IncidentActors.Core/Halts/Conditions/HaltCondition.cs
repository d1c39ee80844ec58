using System.Collections.Immutable;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Halts.Conditions;

/// <summary>
/// A reason to halt without asking (seed 003, automatic halt conditions). Its
/// category's duty in the roster says who responds and who is told next.
/// </summary>
/// <param name="Means">The seed's sentence.</param>
/// <param name="Rules">Any of them recognises the condition.</param>
public sealed record HaltCondition(
    string Id, string Title, string? Means, IncidentCategory Category, HaltMode Mode, HaltScope Scope, ImmutableArray<ConditionRule> Rules)
{
    public bool IsMet(Signal signal) => Rules.Any(rule => rule.Matches(signal));
}

/// <param name="Labels">Each label must be there with one of its values; a value that ends in <c>*</c> is a beginning.</param>
/// <param name="Category">The signal's category, or null: any.</param>
/// <param name="AlertsOnly">A declaration by a person does not count, however it is labelled.</param>
public sealed record ConditionRule(ImmutableSortedDictionary<string, ImmutableArray<string>> Labels, IncidentCategory? Category, bool AlertsOnly)
{
    public bool Matches(Signal signal) =>
        (Category is null || Category == signal.Category)
        && (!AlertsOnly || signal.IsAlert)
        && Labels.All(wanted => signal.Labels.TryGetValue(wanted.Key, out var value) && wanted.Value.Any(pattern => IsValue(pattern, value)));

    private static bool IsValue(string pattern, string value) => pattern.EndsWith('*')
        ? value.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
        : string.Equals(pattern, value, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What conditions look at: an alert, a probe's finding, or a declaration.</summary>
public sealed record Signal(ImmutableSortedDictionary<string, string> Labels, IncidentCategory? Category, bool IsAlert)
{
    /// <summary>Each alert's own, or what the declaration says.</summary>
    public static ImmutableArray<Signal> Of(DeclareIncident declare) => declare.Signals is { Length: > 0 } signals
        ? [.. signals.Select(Of)]
        : [new Signal(declare.Labels, declare.Category, declare.Group is not null || !declare.Alerts.IsDefaultOrEmpty)];

    /// <summary>Those of the alerts that are news and fire; where the alerts have none of their own, what they say in common.</summary>
    public static ImmutableArray<Signal> Of(JoinAlerts join, IReadOnlyCollection<AlertSeen> news)
    {
        var firing = news.Where(alert => alert.Status == AlertStatus.Firing).Select(alert => alert.Fingerprint).ToHashSet();
        if (join.Signals is { } signals) return [.. signals.Where(signal => firing.Contains(signal.Fingerprint)).Select(Of)];
        if (!join.Alerts.IsEmpty && firing.Count == 0) return [];
        var labels = join.Labels ?? ImmutableSortedDictionary<string, string>.Empty;
        return [new Signal(labels, IncidentCategories.TryParse(labels.GetValueOrDefault("category"), out var category) ? category : null, IsAlert: true)];
    }

    private static Signal Of(AlertSignal alert) => new(alert.Labels, alert.Category, IsAlert: true);
}

/// <summary>The conditions that hold, in the order of their file.</summary>
public sealed record ConditionSet(ImmutableArray<HaltCondition> All)
{
    private static readonly Lazy<ConditionSet> LazyShipped = new(ConditionsYaml.Shipped);

    /// <summary>Seed 003's four.</summary>
    public static ConditionSet Shipped => LazyShipped.Value;

    public ImmutableArray<HaltCondition> Met(params ImmutableArray<Signal> signals) => [.. All.Where(condition => signals.Any(condition.IsMet))];
}
