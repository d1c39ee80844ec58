using System.Collections.Immutable;

namespace IncidentActors.Core.Knowledge;

/// <summary>What was learned, as seed 002 §9 writes it: YAML front matter and a Markdown body.</summary>
public sealed record KnowledgeEntry
{
    /// <summary><c>KB-YYYY-MM-DD-…</c>; writing an entry under a known id replaces it.</summary>
    public required string Id { get; init; }
    public required string Title { get; init; }
    public string Category { get; init; } = "bug";
    public string Priority { get; init; } = "medium";
    public string? Sprint { get; init; }
    public required DateOnly Date { get; init; }
    public ImmutableArray<string> Tags { get; init; } = [];
    public ImmutableArray<string> RelatedFiles { get; init; } = [];

    /// <summary>Fixes that were tried until one held.</summary>
    public int Attempts { get; init; } = 1;
    public string? TimeSaved { get; init; }
    public string? IncidentId { get; init; }
    public string? Duration { get; init; }
    public string? Impact { get; init; }

    /// <summary>The Markdown below the front matter.</summary>
    public required string Body { get; init; }

    /// <summary>The id of the entry about an incident (or, without one, about an ATP): one each, however often it is written.</summary>
    public static string IdFor(DateOnly date, string about) => $"KB-{date:yyyy-MM-dd}-{about[(about.LastIndexOf('-') + 1)..]}";
}
