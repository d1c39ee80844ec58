using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Core.Agents;

/// <summary>Decisions about one agent: its turns, and its knowing of halts.</summary>
public static class AgentDecider
{
    /// <param name="handle">The agent's handle; it may be unknown so far (<paramref name="state"/> is null).</param>
    /// <param name="covering">Active halts that cover the agent's ordinary work.</param>
    /// <param name="open">The agent's open ATPs under those halts, oldest work first.</param>
    public static Decision Decide(
        string handle, AgentState? state, AgentCommand command, Call call, IReadOnlyList<HaltRecord> covering, ImmutableArray<string> open)
    {
        var decision = new Decision();
        var self = ActorId.Agent(handle);
        switch (command)
        {
            case RegisterAgent register:
                if (state is null)
                    decision.Add(self, new AgentRegistered(handle, register.Roles, register.Team));
                else if (state.Team != register.Team || !state.Roles.SequenceEqual(register.Roles))
                {
                    return new Rejected(
                        Rules.AgentReserved,
                        $"{handle} is registered with the roles {string.Join(", ", state.Roles)}; they cannot be changed by registering again.");
                }

                return decision;

            case FetchInbox:
                if (state is null) return Unknown(handle);
                if (state.EndedTurns.ContainsKey(call.Session)) decision.Add(self, new AgentTurnStarted(call.Session));
                foreach (var halt in covering.Where(halt => !state.ConfirmedHalts.ContainsKey(halt.Id)))
                    decision.Add(self, new AgentHaltConfirmed(halt.Id, open, null));
                foreach (var (haltId, confirmed) in state.ConfirmedHalts.OrderBy(pair => pair.Value.At).ThenBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    if (covering.All(halt => halt.Id != haltId)) decision.Add(self, new AgentResumed(haltId, confirmed.SetAside));
                }

                return decision;

            case AcknowledgeHalt acknowledge:
                if (state?.ConfirmedHalts.ContainsKey(acknowledge.HaltId) == true) return decision;
                if (covering.All(halt => halt.Id != acknowledge.HaltId))
                    return Rejected.Unknown(Rules.HaltUnknown, $"No active halt {acknowledge.HaltId} covers {handle}.", [.. covering.Select(halt => halt.Id)]);
                return decision.Add(self, new AgentHaltConfirmed(acknowledge.HaltId, open, acknowledge.Notes));

            default:
                throw new InvalidOperationException($"an agent has no command {command.GetType().Name}");
        }
    }

    /// <summary>The refusal for a handle that nobody has used or listed.</summary>
    public static Rejected Unknown(string handle) =>
        Rejected.Unknown(Rules.AgentUnknown, $"{handle} is not a known agent; it becomes known by the roster or by its first own call.");
}
