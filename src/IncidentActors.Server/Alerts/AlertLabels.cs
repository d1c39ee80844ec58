using System.Collections.Immutable;
using System.Globalization;
using IncidentActors.Core.Messages;

namespace IncidentActors.Server.Alerts;

/// <summary>Labels within bounds: what is longer is cut with a mark, what is more is counted.</summary>
internal static class AlertLabels
{
    public const int MaxValue = 1000;
    private const int MaxLabels = 64;
    private const int MaxName = 200;

    /// <summary>The label that counts those which were left out.</summary>
    public const string More = "labels_left_out";

    /// <summary>Read first: they decide about severity, category and halts, and stay also where an alert has more labels than are kept.</summary>
    private static readonly ImmutableHashSet<string> Leading = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "alertname", "severity", "priority", "category", "condition", "signal", "impact", "service", "environment", "env", "source", "component", "group",
        "class");

    public static ImmutableSortedDictionary<string, string> Bounded(IEnumerable<KeyValuePair<string, string>> labels)
    {
        var all = labels.OrderByDescending(label => Leading.Contains(label.Key)).ToList();
        var kept = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in all.Take(all.Count > MaxLabels ? MaxLabels - 1 : MaxLabels))
            kept[Shortened.To(name, MaxName)] = Shortened.To(value, MaxValue);
        if (all.Count > MaxLabels) kept[More] = (all.Count - MaxLabels + 1).ToString(CultureInfo.InvariantCulture);
        return kept.ToImmutable();
    }
}
