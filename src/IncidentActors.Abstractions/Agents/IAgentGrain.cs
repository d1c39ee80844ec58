using IncidentActors.Core.Agents;

namespace IncidentActors.Silo.Agents;

/// <summary>One agent as a grain; its key is the normalised handle, <c>@dev</c>.</summary>
[Alias("incident-actors.agent")]
public interface IAgentGrain : IAgent, IGrainWithStringKey;
