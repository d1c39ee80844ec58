using System.Collections.Immutable;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Agents;

[EventName("agent.registered.v1")]
public sealed record AgentRegistered(string Handle, ImmutableArray<string> Roles, string? Team) : ICreationEvent;

/// <summary>The agent acts for another team than in its turn before, as its access token says. A proof of what a halt covered needs it.</summary>
[EventName("agent.acts-for.v1")]
public sealed record AgentActsFor(string? Team) : IEvent;

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

/// <summary>The agent was given the briefing of a halt that does not cover it any more.</summary>
[EventName("agent.briefed.v1")]
public sealed record AgentBriefed(string HaltId) : IEvent;

/// <summary>The agent has acknowledged what changed while the halt stood.</summary>
[EventName("agent.briefing-acknowledged.v1")]
public sealed record AgentBriefingAcknowledged(string HaltId, string? Notes) : IEvent;

/// <summary>An enforcement point holds the agent's outside actions: <c>guard</c>, <c>hook</c>, <c>gateway</c>, …</summary>
[EventName("agent.guarded.v1")]
public sealed record AgentGuarded(string Path) : IEvent;

/// <summary>The halt has ended for the agent, and the agent was notified of the work that it had set aside.</summary>
[EventName("agent.resumed.v1")]
public sealed record AgentResumed(string HaltId, ImmutableArray<string> Resumed) : IEvent;
