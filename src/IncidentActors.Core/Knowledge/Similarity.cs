using System.Collections.Frozen;
using System.Collections.Immutable;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Knowledge;

/// <summary>What a declaration is compared with: the three most similar entries, and whether it is one of them again (seed 002 metrics).</summary>
public static class Similarity
{
    /// <summary>Entries that a new incident shows.</summary>
    public const int Shown = 3;

    /// <summary>Tags that say nothing of a cause.</summary>
    private static readonly FrozenSet<string> General = new[]
    {
        "incident", "production", "bug", "critical", "high", "medium", "low", "p0", "p1", "p2", "p3", "sev-1", "sev-2", "sev-3", "sev-4",
        "availability", "security", "data", "financial", "reputation", "compliance", "emergency", "hotfix", "postmortem",
    }.ToFrozenSet();

    /// <summary>What is searched for when an incident is declared.</summary>
    public static ImmutableArray<string> Words(DeclareIncident declare) =>
        KnowledgeWords.Of(string.Join(' ', [declare.Title, .. declare.Labels.Values, declare.Description ?? ""]));

    /// <param name="found">Entries by falling score.</param>
    public static ImmutableArray<SimilarIncident> Of(IEnumerable<(KnowledgeEntry Entry, double Score)> found, IReadOnlyCollection<string> words)
    {
        var said = words.Select(KnowledgeWords.Stem).ToFrozenSet();
        return
        [
            .. found.Take(Shown).Select(hit => new SimilarIncident(
                hit.Entry.Id, hit.Entry.Title, Math.Round(hit.Score, 3), IsRepeat(hit.Entry, said), hit.Entry.IncidentId)),
        ];
    }

    /// <summary>A repeat has the entry's cause: every tag that names one is said again, and at least half of the title's words. Where no tag names a cause,
    /// nearly all of the title is said again.</summary>
    public static bool IsRepeat(KnowledgeEntry entry, FrozenSet<string> said)
    {
        var causes = entry.Tags.Where(tag => !General.Contains(tag)).SelectMany(tag => KnowledgeWords.Of(tag)).Select(KnowledgeWords.Stem).ToList();
        var title = KnowledgeWords.Of(entry.Title).Where(word => !General.Contains(word)).Select(KnowledgeWords.Stem).ToList();
        var again = title.Count(said.Contains);
        return causes.Count > 0
            ? causes.TrueForAll(said.Contains) && again * 2 >= title.Count
            : title.Count >= 2 && again * 5 >= title.Count * 4;
    }
}
