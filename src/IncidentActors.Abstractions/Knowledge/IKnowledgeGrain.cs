using IncidentActors.Core.Knowledge;

namespace IncidentActors.Silo.Knowledge;

/// <summary>One entry of the knowledge base as a grain; its key is the entry's id.</summary>
[Alias("incident-actors.knowledge")]
public interface IKnowledgeGrain : IKnowledge, IGrainWithStringKey;
