using System.Collections.Immutable;
using IncidentActors.Core.Permits;

namespace IncidentActors.Core.Halts;

/// <summary>A halt as callers see it. Raising it was answered only after the commit, so a halt that can be seen is fenced.</summary>
/// <param name="Agents">Covered agents that are known, at most <see cref="MaxAgents"/>, unconfirmed first.</param>
/// <param name="AgentsCovered">All covered agents that are known.</param>
public sealed record HaltView(
    string Id, long Version, string Status, HaltScope Scope, string Reason, string? Condition, string? IncidentId, HaltMode Mode,
    string RaisedBy, DateTimeOffset RaisedAt, DateTimeOffset? FencedAt, DateTimeOffset? LiftedAt, string? LiftedBy,
    ImmutableArray<PartialLift> Lifts, ImmutableArray<NodeConfirmation> Nodes, ImmutableArray<AgentConfirmation> Agents,
    int AgentsCovered, int AgentsConfirmed)
{
    public const int MaxAgents = 1000;

    /// <summary>True: after the lift each covered agent acknowledges what changed before its first turn.</summary>
    public bool? BriefingRequired { get; init; }

    /// <summary>Outside actions that it covers; null: it stops nothing.</summary>
    public HaltPermits? Permits { get; init; }

    /// <summary>Further agents, at most <see cref="MaxAgents"/>: the halt does not cover their ordinary work, but outside actions on what it names, and no
    /// enforcement point guards them.</summary>
    public ImmutableArray<string> OthersNotGuarded { get; init; } = [];
}

/// <summary>The outside actions that a halt has ended, and by when the last one must have ended.</summary>
/// <param name="AtRaise">Permits that were open when it was raised; null: not counted in this answer.</param>
/// <param name="Confirmed">Those whose enforcement point has reported that the action is over.</param>
/// <param name="Unreported">Those that ran out of time without a report.</param>
/// <param name="MustEndBy">After this time all of them have ended.</param>
/// <param name="QuietAt">When the last one ended, by report or by its time; null: not yet.</param>
/// <param name="Permits">The first of them, those that may still run first.</param>
/// <param name="Complete">False: there are more than were counted.</param>
public sealed record HaltPermits(
    int? AtRaise, int? Confirmed, int? Unreported, DateTimeOffset MustEndBy, DateTimeOffset? QuietAt, ImmutableArray<PermitView> Permits, bool Complete)
{
    public const int Shown = 100;

    /// <summary>What is true without counting: no permit of the policy holds longer.</summary>
    public static HaltPermits Bound(DateTimeOffset mustEndBy) => new(null, null, null, mustEndBy, null, [], Complete: false);
}

/// <param name="Confirmed">No covered turn is in flight on the node any more.</param>
/// <param name="At">Since when, or for an unconfirmed node since when it has not been heard of.</param>
public sealed record NodeConfirmation(string Node, bool Confirmed, DateTimeOffset? At);

/// <param name="Confirmed">The agent acknowledged the halt or fetched its inbox.</param>
/// <param name="Guards">Enforcement points that its outside actions have used; empty if it is not guarded, so its outside actions continue.</param>
public sealed record AgentConfirmation(string Agent, bool Confirmed, DateTimeOffset? At, ImmutableArray<string> Guards)
{
    public ImmutableArray<string> Guards { get; init; } = Guards.IsDefault ? [] : Guards;
}
