using IncidentActors.Engine.Halts;
using Orleans.Concurrency;

namespace IncidentActors.Orleans.Halts;

/// <summary>The actor on whichever silo is asked, so that a halt does not wait for a silo that is gone; the journal keeps its one history.</summary>
[GrainType("halt")]
[StatelessWorker]
[Reentrant]
internal sealed class HaltGrain(IGrainContext context, Turns turns)
    : HaltActor(context.GrainId.Key.ToString()!, turns), IHaltGrain, IGrainBase
{
    public IGrainContext GrainContext => context;
}
