using IncidentActors.Core.Archives;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Archives;

/// <summary>What was asked for is in an archive and not in the journal.</summary>
/// <param name="id">The incident, or what belongs to it.</param>
public sealed class ArchivedException(Archived archived, string id) : Exception(archived.Sentence(id))
{
    public Rejected Refusal { get; } = archived.Refusal(id);
}
