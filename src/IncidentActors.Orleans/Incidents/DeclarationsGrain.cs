using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Incidents;
using Orleans.Concurrency;

namespace IncidentActors.Orleans.Incidents;

/// <summary>Holds nothing, so there may be many; the journal's claims settle races.</summary>
[GrainType("declarations")]
[StatelessWorker]
[Reentrant]
internal sealed class DeclarationsGrain(IGrainContext context, Declarations declarations) : IDeclarationsGrain, IGrainBase
{
    public IGrainContext GrainContext => context;

    public Task<Outcome> DeclareAsync(DeclareIncident declare, Call call) => declarations.DeclareAsync(declare, call);
}
