using System.Collections.Immutable;
using System.Globalization;
using IncidentActors.Core.Routes;

namespace IncidentActors.Core.Incidents;

/// <summary>What makes an incident SEV-1 regardless of the severity that its source gave: the table "Severity 1 Criteria" of seed 000.</summary>
public static class SeverityCriteria
{
    /// <param name="Label">Key of the label that states the criterion.</param>
    /// <param name="Value">The value that meets it; null for a number of at least the policy's loss per minute.</param>
    public sealed record Criterion(IncidentCategory Category, string Means, string Label, string? Value);

    public static readonly ImmutableArray<Criterion> Sev1 =
    [
        new(IncidentCategory.Availability, "Service 100% down", "impact", "service-down"),
        new(IncidentCategory.Security, "Active exploit", "impact", "active-exploit"),
        new(IncidentCategory.Security, "Data breach", "impact", "data-breach"),
        new(IncidentCategory.Data, "Corruption occurring", "impact", "data-corruption"),
        new(IncidentCategory.Data, "Loss occurring", "impact", "data-loss"),
        new(IncidentCategory.Financial, "Loss per minute above the threshold", "loss_per_minute", null),
        new(IncidentCategory.Reputation, "Public-facing outage", "impact", "public-outage"),
    ];

    /// <summary>The criterion that one of the signals meets, or null.</summary>
    /// <param name="lossPerMinute">Threshold of the financial criterion, in the currency that the labels use.</param>
    public static Criterion? Met(IEnumerable<Signal> signals, decimal lossPerMinute) =>
        signals.Select(signal => Met(signal.Category, signal.Labels, lossPerMinute)).FirstOrDefault(met => met is not null);

    /// <summary>The criterion that the labels meet for the category, or null.</summary>
    /// <param name="category">Null if the declaration names none; then the criterion that is met decides it.</param>
    /// <param name="lossPerMinute">Threshold of the financial criterion, in the currency that the labels use.</param>
    public static Criterion? Met(IncidentCategory? category, IReadOnlyDictionary<string, string> labels, decimal lossPerMinute) =>
        Sev1.FirstOrDefault(criterion => (category ?? criterion.Category) == criterion.Category
            && labels.TryGetValue(criterion.Label, out var value)
            && (criterion.Value is { } wanted
                ? string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase)
                : decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var loss) && loss > lossPerMinute));
}
