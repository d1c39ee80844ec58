using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.NextSteps;
using IncidentActors.Engine.Agents;
using IncidentActors.Engine.Atps;
using IncidentActors.Engine.Halts;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine;

/// <summary>Actors as of the last commit, read from the store by this node: no other node has to answer. Null: there is no such actor.</summary>
public sealed class ActorViews(TurnExecutor turns, INodes nodes)
{
    public Task<IncidentView?> IncidentAsync(string id) => new IncidentActor(id, turns).GetAsync();

    public Task<AtpView?> AtpAsync(string id) => new AtpActor(id, turns).GetAsync();

    /// <summary>What an incident or an ATP still needs, and by whom; null: there is neither of that id.</summary>
    public Task<NextActionsView?> NextAsync(string id) => turns.LookAsync(
        ActorId.Incident(id),
        world => world.Incident(id) is { } incident ? NextActions.Of(world, incident)
            : world.Actors.Get(ActorId.Atp(id)) is AtpState atp ? NextActions.Of(world, atp)
            : null,
        CancellationToken.None);

    public Task<AgentView?> AgentAsync(string handle) => new AgentActor(handle, turns).GetAsync();

    public Task<HaltView?> HaltAsync(string id) => new HaltActor(id, turns, nodes).GetAsync();
}
