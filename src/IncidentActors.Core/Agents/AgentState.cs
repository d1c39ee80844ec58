using System.Collections.Immutable;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Agents;

/// <param name="EndedTurns">By session: the closure that ended its turn.</param>
/// <param name="ConfirmedHalts">Halts that the agent knows of and has not come back from.</param>
public sealed record AgentState(
    string Handle,
    ImmutableArray<string> Roles,
    string? Team,
    DateTimeOffset RegisteredAt,
    ImmutableSortedDictionary<string, EndedTurn> EndedTurns,
    ImmutableSortedDictionary<string, ConfirmedHalt> ConfirmedHalts) : IActorState
{
    public AgentInfo Info(string session) => new(Handle, Roles, Team, EndedTurns.GetValueOrDefault(session));

    public static AgentState? Evolve(AgentState? state, Happened happened) => happened.Event switch
    {
        AgentRegistered e => new AgentState(
            e.Handle, e.Roles, e.Team, happened.At,
            ImmutableSortedDictionary<string, EndedTurn>.Empty, ImmutableSortedDictionary<string, ConfirmedHalt>.Empty),
        AgentTurnEnded e => state! with { EndedTurns = state.EndedTurns.SetItem(e.Session, new EndedTurn(e.AtpId, happened.At)) },
        AgentTurnStarted e => state! with { EndedTurns = state.EndedTurns.Remove(e.Session) },
        AgentHaltConfirmed e => state! with
        {
            ConfirmedHalts = state.ConfirmedHalts.SetItem(e.HaltId, new ConfirmedHalt(happened.At, e.SetAside)),
        },
        AgentResumed e => state! with { ConfirmedHalts = state.ConfirmedHalts.Remove(e.HaltId) },
        _ => throw new InvalidOperationException($"an agent has no event {happened.Event.GetType().Name}"),
    };
}

/// <param name="SetAside">In the order in which the work is found again.</param>
public sealed record ConfirmedHalt(DateTimeOffset At, ImmutableArray<string> SetAside);
