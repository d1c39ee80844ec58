using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Incidents;

/// <summary>What a person should know before declaring: how many agents a SEV-1 halts, and which incidents are open.</summary>
/// <param name="Agents">Agents that a halt of everything covers.</param>
/// <param name="More">There are more agents than were counted.</param>
/// <param name="Open">Open incidents, the most severe first: the same fault may be declared already.</param>
public sealed record DeclareModel(int Agents, bool More, ImmutableArray<IncidentView> Open)
{
    private const int MaxAgents = 1000;
    private const int MaxOpen = 8;

    internal static async Task<DeclareModel> ReadAsync(PageRequest request)
    {
        var agents = await request.Engine.Journal.ListAsync(new ActorFilter(ActorKind.Agent) { Limit = MaxAgents }, request.Aborted);
        var open = await request.Engine.Journal.ListAsync(new ActorFilter(ActorKind.Incident) { Open = true, Limit = MaxOpen }, request.Aborted);
        return new DeclareModel(
            agents.Actors.Count(stored => stored.State<AgentState>() is var agent
                && !Handle.IsReserved(agent.Handle) && !agent.Info("").OutranksHalts),
            agents.Next is not null,
            [.. open.Actors.Select(stored => IncidentView.Of(stored.State<IncidentState>(), stored.Version))]);
    }
}
