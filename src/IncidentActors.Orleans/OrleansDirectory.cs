using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Orleans.Agents;
using IncidentActors.Orleans.Atps;
using IncidentActors.Orleans.Halts;
using IncidentActors.Orleans.Incidents;

namespace IncidentActors.Orleans;

/// <summary>Actors over the cluster; works in a silo and in a client alike.</summary>
public sealed class OrleansDirectory(IGrainFactory grains) : IActorDirectory
{
    public IIncident Incident(string id) => grains.GetGrain<IIncidentGrain>(id);
    public IAtp Atp(string id) => grains.GetGrain<IAtpGrain>(id);
    public IAgent Agent(string handle) => grains.GetGrain<IAgentGrain>(handle);
    public IHalt Halt(string id) => grains.GetGrain<IHaltGrain>(id);

    /// <summary>Declares an incident, as <see cref="IDeclarationsGrain.DeclareAsync"/>.</summary>
    public Task<Outcome> DeclareAsync(DeclareIncident declare, Call call) => grains.GetGrain<IDeclarationsGrain>(0).DeclareAsync(declare, call);
}
