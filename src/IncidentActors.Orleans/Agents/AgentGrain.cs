using IncidentActors.Engine.Agents;
using Orleans.Concurrency;

namespace IncidentActors.Orleans.Agents;

/// <summary>The actor and its address. Reentrant: the turn itself lets one command in at a time, and reads need not wait for it.</summary>
[GrainType("agent")]
[Reentrant]
internal sealed class AgentGrain(IGrainContext context, Turns turns)
    : AgentActor(context.GrainId.Key.ToString()!, turns), IAgentGrain, IGrainBase
{
    public IGrainContext GrainContext => context;
}
