using IncidentActors.Engine.Halts;
using Orleans.Concurrency;

namespace IncidentActors.Orleans.Halts;

/// <summary>The actor and its address. Reentrant: the turn itself lets one command in at a time, and reads need not wait for it.</summary>
[GrainType("halt")]
[Reentrant]
internal sealed class HaltGrain(IGrainContext context, Turns turns)
    : HaltActor(context.GrainId.Key.ToString()!, turns), IHaltGrain, IGrainBase
{
    public IGrainContext GrainContext => context;
}
