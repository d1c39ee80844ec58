using IncidentActors.Engine.Halts;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Turns;
using Orleans.Concurrency;

namespace IncidentActors.Silo.Halts;

/// <summary>A halt's commands run on the silo that is asked, so that no slow silo can delay them; the journal keeps its one history.</summary>
[GrainType("halt")]
[StatelessWorker]
[Reentrant]
internal sealed class HaltGrain(IGrainContext context, TurnExecutor turns, INodes nodes)
    : HaltActor(context.GrainId.Key.ToString()!, turns, nodes), IHaltGrain, IGrainBase
{
    public IGrainContext GrainContext => context;
}
