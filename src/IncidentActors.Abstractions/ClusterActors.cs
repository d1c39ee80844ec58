using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Silo.Agents;
using IncidentActors.Silo.Atps;
using IncidentActors.Silo.Halts;
using IncidentActors.Silo.Incidents;
using IncidentActors.Silo.Knowledge;
using IncidentActors.Silo.Permits;

namespace IncidentActors.Silo;

/// <summary>All actors of the cluster, as grains; works in a silo's host and in a client alike.</summary>
public sealed class ClusterActors(IGrainFactory grains) : IActorDirectory
{
    public IIncident Incident(string id) => grains.GetGrain<IIncidentGrain>(id);
    public IAtp Atp(string id) => grains.GetGrain<IAtpGrain>(id);
    public IAgent Agent(string handle) => grains.GetGrain<IAgentGrain>(handle);
    public IHalt Halt(string id) => grains.GetGrain<IHaltGrain>(id);
    public IKnowledge Knowledge(string id) => grains.GetGrain<IKnowledgeGrain>(id);
    public IPermitGrain Permit(string id) => grains.GetGrain<IPermitGrain>(id);
    public IInboxNewsGrain InboxNews(string key) => grains.GetGrain<IInboxNewsGrain>(key);

    /// <summary>Declares an incident, as <see cref="IDeclarationGrain.DeclareAsync"/>.</summary>
    public Task<Outcome> DeclareAsync(DeclareIncident declare, Call call) =>
        grains.GetGrain<IDeclarationGrain>(DeclarationKey.Of(declare, call)).DeclareAsync(declare, call);

    /// <summary>Joins alerts to the ongoing incident that has them, as <see cref="IDeclarationGrain.JoinAsync"/>.</summary>
    public Task<Outcome?> JoinAsync(JoinAlerts join, Call call) =>
        grains.GetGrain<IDeclarationGrain>(DeclarationKey.Of(join, call)).JoinAsync(join, call);
}
