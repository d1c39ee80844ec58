using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Knowledge;

/// <summary>One entry of the knowledge base.</summary>
public interface IKnowledge
{
    /// <summary>Applies a command; a refusal is a <see cref="Rejected"/>, never an exception.</summary>
    Task<Outcome> DoAsync(KnowledgeCommand command, Call call);
}
