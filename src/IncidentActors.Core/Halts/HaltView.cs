using System.Collections.Immutable;

namespace IncidentActors.Core.Halts;

/// <summary>A halt as callers see it. Raising it was answered only after the commit, so a halt that can be seen is fenced.</summary>
/// <param name="Agents">Covered agents that are known, at most <see cref="MostAgents"/>, unconfirmed first.</param>
/// <param name="AgentsCovered">All covered agents that are known.</param>
public sealed record HaltView(
    string Id, long Version, string Status, HaltScope Scope, string Reason, string? Condition, string? IncidentId, HaltMode Mode,
    string RaisedBy, DateTimeOffset RaisedAt, DateTimeOffset? FencedAt, DateTimeOffset? LiftedAt, string? LiftedBy,
    ImmutableArray<PartialLift> Lifts, ImmutableArray<NodeConfirmation> Nodes, ImmutableArray<AgentConfirmation> Agents,
    int AgentsCovered, int AgentsConfirmed)
{
    public const int MostAgents = 1000;
}

/// <param name="Confirmed">No covered turn is in flight on the node any more.</param>
/// <param name="At">Since when, or for an unconfirmed node since when it has not been heard of.</param>
public sealed record NodeConfirmation(string Node, bool Confirmed, DateTimeOffset? At);

/// <param name="Confirmed">The agent acknowledged the halt or fetched its inbox.</param>
public sealed record AgentConfirmation(string Agent, bool Confirmed, DateTimeOffset? At);
