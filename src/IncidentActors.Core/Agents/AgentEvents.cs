using System.Collections.Immutable;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Agents;

[EventName("agent.registered.v1")]
public sealed record AgentRegistered(string Handle, ImmutableArray<string> Roles, string? Team) : IBirth;

/// <summary>The agent closed an ATP: its message ends there (message boundary rule).</summary>
[EventName("agent.turn-ended.v1")]
public sealed record AgentTurnEnded(string Session, string AtpId) : IEvent;

/// <summary>The agent fetched its inbox after a closure: a new turn begins.</summary>
[EventName("agent.turn-started.v1")]
public sealed record AgentTurnStarted(string Session) : IEvent;

/// <summary>The agent knows of the halt, by fetching its inbox or by acknowledging it.</summary>
/// <param name="SetAside">Its open ATPs that the halt covers, in the order in which they are found again.</param>
[EventName("agent.halt-confirmed.v1")]
public sealed record AgentHaltConfirmed(string HaltId, ImmutableArray<string> SetAside, string? Notes) : IEvent;

/// <summary>The halt is over for the agent, and it has been told what it had set aside.</summary>
[EventName("agent.resumed.v1")]
public sealed record AgentResumed(string HaltId, ImmutableArray<string> Resumed) : IEvent;
