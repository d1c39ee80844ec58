using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Engine.Halts;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Silo.Silos;

/// <summary>Actors as a silo's own host reaches them: by their grains, but halts are commanded on this silo at once. Even a stateless worker is
/// placed with the help of the grain directory, a part of which may be on a silo that does not answer.</summary>
internal sealed class SiloDirectory(ClusterActors cluster, TurnExecutor turns, INodes nodes) : IActorDirectory
{
    public IIncident Incident(string id) => cluster.Incident(id);
    public IAtp Atp(string id) => cluster.Atp(id);
    public IAgent Agent(string handle) => cluster.Agent(handle);
    public IHalt Halt(string id) => new HaltActor(id, turns, nodes);
    public IKnowledge Knowledge(string id) => cluster.Knowledge(id);
}
