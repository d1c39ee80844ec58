using IncidentActors.Engine.Atps;
using Orleans.Concurrency;

namespace IncidentActors.Orleans.Atps;

/// <summary>The actor and its address. Reentrant: the turn itself lets one command in at a time, and reads need not wait for it.</summary>
[GrainType("atp")]
[Reentrant]
internal sealed class AtpGrain(IGrainContext context, Turns turns)
    : AtpActor(context.GrainId.Key.ToString()!, turns), IAtpGrain, IGrainBase
{
    public IGrainContext GrainContext => context;
}
