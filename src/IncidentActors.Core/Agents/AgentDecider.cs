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
    /// <param name="owed">Halts whose briefing the agent has yet to acknowledge.</param>
    /// <param name="told">Halts whose briefing comes with the inbox.</param>
    public static Decision Decide(
        string handle, AgentState? state, AgentCommand command, Call call, IReadOnlyList<HaltRecord> covering, ImmutableArray<string> open,
        ImmutableArray<HaltRecord> owed, IEnumerable<HaltRecord> told) => command switch
    {
        RegisterAgent register => Register(handle, state, register),
        FetchInbox => state is null ? Unknown(handle) : Fetch(state, call, covering, open, told),
        AcknowledgeHalt acknowledge when owed.FirstOrDefault(halt => halt.Id == acknowledge.HaltId) is { } halt => Briefed(state!, acknowledge, halt),
        AcknowledgeHalt acknowledge => Acknowledge(handle, state, acknowledge, covering, open),
        _ => throw new InvalidOperationException($"an agent cannot handle the command {command.GetType().Name}"),
    };

    private static Decision Register(string handle, AgentState? state, RegisterAgent register)
    {
        if (state is null) return new Decision().Add(ActorId.Agent(handle), new AgentRegistered(handle, register.Roles, register.Team));
        return state.Team == register.Team && state.Roles.SequenceEqual(register.Roles)
            ? new Decision()
            : new Rejected(
                Rules.AgentReserved,
                $"{handle} is registered already with the roles {string.Join(", ", state.Roles)}; registering again changes neither roles nor team.");
    }

    /// <summary>Reading the inbox begins a turn, confirms the halts that are new to the agent, and resumes the work of those that are over.</summary>
    private static Decision Fetch(
        AgentState state, Call call, IReadOnlyList<HaltRecord> covering, ImmutableArray<string> open, IEnumerable<HaltRecord> told)
    {
        var decision = new Decision();
        var self = ActorId.Agent(state.Handle);
        if (state.EndedTurns.ContainsKey(call.Session)) decision.Add(self, new AgentTurnStarted(call.Session));
        foreach (var halt in covering.Where(halt => !state.ConfirmedHalts.ContainsKey(halt.Id)))
            decision.Add(self, new AgentHaltConfirmed(halt.Id, open, null));
        var over = state.ConfirmedHalts
            .Where(confirmed => covering.All(halt => halt.Id != confirmed.Key))
            .OrderBy(confirmed => confirmed.Value.At)
            .ThenBy(confirmed => confirmed.Key, StringComparer.Ordinal);
        foreach (var (haltId, confirmed) in over) decision.Add(self, new AgentResumed(haltId, confirmed.SetAside));
        foreach (var halt in told.Where(halt => !state.Briefings.ContainsKey(halt.Id))) decision.Add(self, new AgentBriefed(halt.Id));
        return decision;
    }

    /// <summary>A briefing can be acknowledged only after it was fetched.</summary>
    private static Decision Briefed(AgentState state, AcknowledgeHalt acknowledge, HaltRecord halt) => state.Briefings.ContainsKey(halt.Id)
        ? new Decision().Add(ActorId.Agent(state.Handle), new AgentBriefingAcknowledged(halt.Id, acknowledge.Notes))
        : new Rejected(Rules.HaltBriefing, $"Fetch your inbox first: it says what changed while {halt.Id} was active.", ["inbox"]);

    private static Decision Acknowledge(
        string handle, AgentState? state, AcknowledgeHalt acknowledge, IReadOnlyList<HaltRecord> covering, ImmutableArray<string> open)
    {
        if (state?.ConfirmedHalts.ContainsKey(acknowledge.HaltId) == true || state?.Briefings.ContainsKey(acknowledge.HaltId) == true) return new Decision();
        return covering.Any(halt => halt.Id == acknowledge.HaltId)
            ? new Decision().Add(ActorId.Agent(handle), new AgentHaltConfirmed(acknowledge.HaltId, open, acknowledge.Notes))
            : Rejected.Unknown(
                Rules.HaltUnknown,
                $"No active halt {acknowledge.HaltId} covers {handle}.",
                [.. covering.Select(halt => halt.Id)]);
    }

    /// <summary>The refusal for a handle that is neither used nor in the roster.</summary>
    public static Rejected Unknown(string handle) =>
        Rejected.Unknown(Rules.AgentUnknown, $"{handle} is not a known agent; it becomes known by the roster or by its first own call.");
}
