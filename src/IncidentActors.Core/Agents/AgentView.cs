using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Agents;

/// <summary>An agent as callers see it.</summary>
/// <param name="Status"><c>halted</c> when a halt covers its ordinary work, else <c>working</c> or <c>idle</c>.</param>
/// <param name="Work">Its open ATPs that may proceed, in the order in which it took them up.</param>
/// <param name="SetAside">Its open ATPs that a halt covers, in the same order; found again when it is lifted.</param>
/// <param name="TurnEndedBy">Closing this ATP ended the agent's turn; fetching the inbox begins the next one.</param>
public sealed record AgentView(
    string Id, long Version, string Status, ImmutableArray<string> Roles, string? Team, DateTimeOffset? RegisteredAt,
    ImmutableArray<WorkView> Work, ImmutableArray<WorkView> SetAside, ImmutableArray<HaltNotice> Halts, string? TurnEndedBy)
{
    /// <summary>Enforcement points that have held its outside actions; empty: not guarded.</summary>
    public ImmutableArray<string> Guards { get; init; } = [];
}

public sealed record WorkView(string Id, string Title, string Status, Priority Priority, string? IncidentId)
{
    public static WorkView Of(AtpState state) => new(state.Id, state.Title, state.Status, state.Priority, state.IncidentId);
}

/// <summary>The inbox of an agent: P0 first, then by priority and age.</summary>
/// <param name="Halts">Halts that cover its ordinary work; fetching confirmed them.</param>
/// <param name="Resumed">What it had set aside under halts that are over now, in the order it had; repeated for a minute.</param>
public sealed record InboxView(
    string Agent, ImmutableArray<HaltNotice> Halts, ImmutableArray<MessageView> Messages, ImmutableArray<WorkView> Work,
    ImmutableArray<WorkView> SetAside, ImmutableArray<string> Resumed)
{
    /// <summary>Briefings on halts that no longer cover the agent: what changed while they did. Repeated for one minute.</summary>
    public ImmutableArray<HaltBriefing> Briefing { get; init; } = [];

    /// <summary>Messages that wait, but that other sessions of the handle hold. For a caller without a session's name there are none.</summary>
    public ImmutableArray<HeldMessage> HeldElsewhere { get; init; } = [];
}

/// <summary>A message that a session of the handle works on.</summary>
/// <param name="Until">When another session gets it, unless this session is active until then (UTC).</param>
public sealed record HeldMessage(string Id, Priority Priority, MessageType Type, string Subject, string Session, DateTimeOffset Until);
