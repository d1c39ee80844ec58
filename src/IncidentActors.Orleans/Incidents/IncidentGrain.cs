using IncidentActors.Engine.Incidents;
using Orleans.Concurrency;

namespace IncidentActors.Orleans.Incidents;

/// <summary>The actor and its address. Reentrant: the turn itself lets one command in at a time, and reads need not wait for it.</summary>
[GrainType("incident")]
[Reentrant]
internal sealed class IncidentGrain(IGrainContext context, Turns turns)
    : IncidentActor(context.GrainId.Key.ToString()!, turns), IIncidentGrain, IGrainBase
{
    public IGrainContext GrainContext => context;
}
