using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Permits;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Halts;

/// <summary>One halt's turns, and who has confirmed it. It keeps nothing in memory: any node takes its turns, so that no slow node can delay them.</summary>
public class HaltActor(string id, TurnExecutor turns, INodes nodes) : IHalt
{
    private readonly ActorId self = ActorId.Halt(id);

    public async Task<Outcome> DoAsync(HaltCommand command, Call call)
    {
        var request = new TurnRequest(self, command, call)
        {
            Decide = (state, world, clean) => HaltDecider.Decide(id, (HaltState?)state, (HaltCommand)clean, world),
            SubjectOf = (_, _, _) => null,
            Answer = (state, version, decision) => Answers.Of(state, version, decision, turns.Options),
            Identity = command is RaiseHalt ? "raise" : self.ToString(),
        };
        var result = await turns.TakeAsync(request, new ActorMemory(self));
        return result.Outcome;
    }

    public async Task<HaltView?> GetAsync()
    {
        var known = await turns.ReadAsync(self, CancellationToken.None);
        return known.State is HaltState state ? await ViewAsync(state, known.Version) : null;
    }

    private async Task<HaltView> ViewAsync(HaltState state, long version)
    {
        var permits = state.Mode.IsEnforced() ? await PermitCount.OfAsync(turns, state.IfEnforced()) : null;
        if (state.IfEnforced() is not { Active: true } record) return Views.Halt(state, version, [], [], 0, 0) with { Permits = permits };
        var unconfirmed = new List<AgentConfirmation>();
        var confirmed = new List<AgentConfirmation>();
        var others = new List<string>();
        string? cursor = null;
        var covered = 0;
        var heard = 0;
        do
        {
            var page = await turns.Journal.ListAsync(new ActorFilter(ActorKind.Agent) { Cursor = cursor, Limit = 1000 }, CancellationToken.None);
            foreach (var stored in page.Actors)
            {
                var agent = stored.State<AgentState>();
                if (HaltPolicy.SubjectOf(agent.Info("")) is not { } subject) continue;
                if (!record.Covers(subject) && !record.Covers(subject with { Action = AnyAction }))
                {
                    var isOther = permits is not null && agent.Guards.IsEmpty && record.Scope.NamesTargets && !record.Scope.Excludes(subject);
                    if (isOther && others.Count < HaltView.MaxAgents) others.Add(agent.Handle);
                    continue;
                }

                covered++;
                var known = agent.ConfirmedHalts.GetValueOrDefault(id);
                if (known is not null) heard++;
                var shown = known is null ? unconfirmed : confirmed;
                if (shown.Count < HaltView.MaxAgents) shown.Add(new AgentConfirmation(agent.Handle, known is not null, known?.At, [.. agent.Guards]));
            }

            cursor = page.Next;
        }
        while (cursor is not null && covered < MaxCounted);

        var confirmations = state.Mode.IsEnforced() ? await nodes.OfAsync(id) : [];
        return Views.Halt(
            state,
            version,
            confirmations,
            [.. InOrder(unconfirmed).Concat(InOrder(confirmed)).Take(HaltView.MaxAgents)],
            covered,
            heard) with
        {
            Permits = permits,
            OthersNotGuarded = [.. others.Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>An agent is also covered if only its outside actions are stopped.</summary>
    private const string AnyAction = "*";

    private static IEnumerable<AgentConfirmation> InOrder(List<AgentConfirmation> agents) =>
        agents.OrderBy(agent => agent.Agent, StringComparer.Ordinal);

    /// <summary>Covered agents that are counted one by one; a view must not cost what the halt itself does not.</summary>
    private const int MaxCounted = 10_000;
}
