using System.Collections.Immutable;

namespace IncidentActors.Server.Atps;

/// <summary>An artifact with its content, as it was created.</summary>
/// <param name="Sections">Headings with text under them, lower case.</param>
public sealed record ArtifactView(
    string Id, string AtpId, string Type, string Title, string By, DateTimeOffset At, string? Outcome, string Persist,
    ImmutableArray<string> Sections, string Content);
