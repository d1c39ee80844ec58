using System.Collections.Immutable;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Knowledge;

/// <summary>
/// Full-text search over the documents of knowledge entries, by the journal that holds them: an entry can be found from the commit
/// that wrote it on. A journal without this finds nothing.
/// </summary>
public interface IKnowledgeSearch
{
    /// <summary>Entries that hold any of the words in title, tags, files, impact or body; the best first, titles and tags count most.</summary>
    /// <param name="words">As <see cref="Core.Knowledge.KnowledgeWords"/> gives them. None: nothing is found.</param>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    Task<IReadOnlyList<KnowledgeHit>> SearchAsync(ImmutableArray<string> words, int limit, CancellationToken cancel);
}

/// <param name="Score">Above 0; higher is better; comparable within one answer only.</param>
public sealed record KnowledgeHit(StoredActor Stored, double Score);
