using System.Collections.Immutable;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>The initial values of a new ATP.</summary>
internal sealed record Birth(string Title, string Type)
{
    /// <summary>Maximum number of characters of a title that is cut from a longer text, such as a note or an action item.</summary>
    private const int MaxTitleLength = 200;

    public string? IncidentId { get; init; }
    public string? ParentAtpId { get; init; }

    /// <summary>If null, the flow's.</summary>
    public Priority? Priority { get; init; }
    public string? Notes { get; init; }

    /// <summary>If null, the handle of the start row's role.</summary>
    public string? Owner { get; init; }
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Sections that its closing artifact must have.</summary>
    public ImmutableArray<string> Sections { get; init; } = [];

    /// <summary>What the parent's flow left undone.</summary>
    public ImmutableArray<string> Debt { get; init; } = [];

    public static string TitleOf(string words) => Shortened.Cut(words, MaxTitleLength);
}
