using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Halts;

/// <summary>One halt's turns, and who has confirmed it.</summary>
public class HaltActor(string id, Turns.Turns turns) : IHalt
{
    private readonly ActorId self = ActorId.Halt(id);

    public async Task<Outcome> DoAsync(HaltCommand command, Call call)
    {
        var result = await turns.TakeAsync(new TurnRequest(self, command, call)
        {
            Decide = (state, world) => HaltDecider.Decide(
                id, (HaltState?)state, command, world.Caller, world.Incident((state as HaltState)?.IncidentId ?? (command as RaiseHalt)?.IncidentId)),
            SubjectOf = (_, _, _) => null,
            Answer = (state, version, decision) => Answers.Of(state, version, decision, turns.Options),
            Identity = command is RaiseHalt ? "raise" : self.ToString(),
        });
        return result.Outcome;
    }

    public async Task<HaltView?> GetAsync()
    {
        var known = await turns.ReadAsync(self, CancellationToken.None);
        return known.State is HaltState state ? await ViewAsync(state, known.Version) : null;
    }

    private async Task<HaltView> ViewAsync(HaltState state, long version)
    {
        if (state.IfEnforced() is not { Active: true } record) return Views.Halt(state, version, [], [], 0, 0);
        var unconfirmed = new List<AgentConfirmation>();
        var confirmed = new List<AgentConfirmation>();
        string? cursor = null;
        var covered = 0;
        var heard = 0;
        do
        {
            var page = await turns.Journal.ListAsync(new ActorFilter(ActorKind.Agent) { Cursor = cursor, Limit = 1000 }, CancellationToken.None);
            foreach (var stored in page.Actors)
            {
                var agent = (AgentState)States.Read(ActorKind.Agent, stored.Document.Span);
                if (agent.Info("").OutranksHalts || !record.Covers(new Subject(agent.Handle, agent.Team))) continue;
                covered++;
                var known = agent.ConfirmedHalts.GetValueOrDefault(id);
                if (known is not null) heard++;
                var shown = known is null ? unconfirmed : confirmed;
                if (shown.Count < HaltView.MostAgents) shown.Add(new AgentConfirmation(agent.Handle, known is not null, known?.At));
            }

            cursor = page.Next;
        }
        while (cursor is not null && covered < MostCounted);

        var nodes = state.Mode == HaltMode.Enforce ? await turns.Nodes.OfAsync(id) : [];
        return Views.Halt(
            state,
            version,
            nodes,
            [.. InOrder(unconfirmed).Concat(InOrder(confirmed)).Take(HaltView.MostAgents)],
            covered,
            heard);
    }

    private static IEnumerable<AgentConfirmation> InOrder(List<AgentConfirmation> agents) =>
        agents.OrderBy(agent => agent.Agent, StringComparer.Ordinal);

    /// <summary>Covered agents that are counted one by one; a view must not cost what the halt itself does not.</summary>
    private const int MostCounted = 10_000;
}
