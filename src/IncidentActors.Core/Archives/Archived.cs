using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Archives;

/// <summary>Where an actor's events are, if they are not in the journal.</summary>
/// <param name="File">Name of the archive, without its folder.</param>
public sealed record Archived(DateTimeOffset At, string File)
{
    /// <param name="id">The incident, or what belongs to it.</param>
    public string Sentence(string id) =>
        $"{id} was archived at {At:u} in the file {File}. Nothing changes it; 'incident journal restore' with that file puts its history back.";

    public Rejected Refusal(string id) => Rejected.Conflict(Rules.IncidentArchived, Sentence(id));
}
