using System.Collections.Immutable;
using IncidentActors.Core.Knowledge;

namespace IncidentActors.Core.Incidents;

/// <summary>The category that a declaration's words, or the role of the handle that it names, speak of (seed 003's conditions, seed 002's roles).</summary>
internal static class CategoryWords
{
    private static readonly ImmutableArray<(IncidentCategory Category, ImmutableArray<string> Words)> Table =
    [
        (
            IncidentCategory.Security,
            [
                "injection", "exploit", "exploited", "exploitation", "breach", "credential", "unauthorized", "vulnerability", "leaked",
                "intrusion", "ransomware",
            ]),
        (IncidentCategory.Data, ["corruption", "corrupted", "deleted", "deletion", "migration"]),
        (IncidentCategory.Financial, ["charge", "charged", "refund", "misallocation", "payout", "stripe"]),
        (IncidentCategory.Compliance, ["compliance", "gdpr", "hipaa", "regulatory"]),
    ];

    private static readonly ImmutableArray<string> SecurityRoles = ["seca", "security-review"];

    /// <summary>Null: nothing speaks of one.</summary>
    public static IncidentCategory? Of(string text, IReadOnlyCollection<string> roles)
    {
        var said = KnowledgeWords.Of(text).SelectMany(word => new[] { word, KnowledgeWords.Stem(word) }).ToHashSet();
        foreach (var (category, words) in Table)
        {
            if (words.Any(said.Contains)) return category;
        }

        return said.Contains("data") && (said.Contains("loss") || said.Contains("lost")) ? IncidentCategory.Data
            : SecurityRoles.Any(roles.Contains) ? IncidentCategory.Security
            : null;
    }
}
