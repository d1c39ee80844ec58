using System.Collections.Immutable;
using IncidentActors.Core.Halts;

namespace IncidentActors.Core.Agents;

/// <summary>What a decision needs to know of an agent.</summary>
/// <param name="Override">The reason for which the call asks to bypass the rules (<see cref="OwnerOverride"/>); null if it does not.</param>
/// <param name="Ended">The closure that ended the caller's turn in this session; null if the turn is open.</param>
public sealed record AgentInfo(string Handle, ImmutableArray<string> Roles, string? Team = null, EndedTurn? Ended = null, string? Override = null)
{
    /// <summary>The roster says that a person holds the handle.</summary>
    public bool Person { get; init; }

    /// <summary>The halt whose briefing the agent must acknowledge before its next turn, or null if there is none.</summary>
    public HaltRecord? Owes { get; init; }

    public bool Has(string role) => Roles.Contains(role);

    /// <summary>The operator, and the owner who names a reason (seed 003: unlimited override), are never halted and may act for any role.</summary>
    public bool OutranksHalts => Has(Agents.Roles.Operator) || Overrides || Handle == Agents.Handle.System;

    /// <summary>The owner bypasses the rules by this call, on record.</summary>
    public bool Overrides => Has(Agents.Roles.Owner) && !string.IsNullOrEmpty(Override);
}

/// <param name="AtpId">Closing this ATP ended the turn (message boundary rule, seeds 000 and 001).</param>
public sealed record EndedTurn(string AtpId, DateTimeOffset At);

/// <summary>Roles with a meaning of their own; a roster may name any other.</summary>
public static class Roles
{
    public const string Pm = "pm";
    public const string Dev = "dev";
    public const string Sre = "sre";
    public const string Operator = "operator";

    /// <summary>Outranks every halt, gate and flow (seed 003, user override).</summary>
    public const string Owner = "owner";

    /// <summary>In a flow's row: everybody.</summary>
    public const string Any = "any";

    /// <summary>In a flow's row: the ATP's owner.</summary>
    public const string AtpOwner = "owner";
}
