using System.Collections.Immutable;

namespace IncidentActors.Core.Flows;

/// <summary>The names outside a flow that it may use. <c>owner</c> (the ATP's owner), <c>any</c> and <c>operator</c> are always known.</summary>
public sealed record FlowContext
{
    /// <summary>Roles that somebody can have; the roster may add to them.</summary>
    public ImmutableSortedSet<string> Roles { get; init; } = ShippedRoles;

    /// <summary>Other loaded flows, for follow-ups and for keywords that two flows claim.</summary>
    public ImmutableArray<Flow> Flows { get; init; } = [];

    /// <summary>Tools that can take a row; <c>external</c> is work outside, reported by <c>atp_change_status</c> or <c>atp_set</c>.</summary>
    public static ImmutableSortedSet<string> Tools { get; } =
        ["atp_create", "atp_set", "atp_change_status", "atp_close", "message_ack", "handoff", "external"];

    /// <summary>Roles of the seeds: 000 and 001, then 002, then 004.</summary>
    public static ImmutableSortedSet<string> ShippedRoles { get; } =
    [
        "pm", "dev", "sre", "qa", "operator", "commander", "scribe", "stakeholder-liaison",
        "devops", "seca", "sa",
        "planner", "debug", "fix", "test-manager", "security-review", "approval-manager", "version-controller",
        "documentation", "bug-collector", "monitoring",
    ];

    public static FlowContext Shipped { get; } = new();

    internal Flow? Latest(string name) => Flows.Where(flow => flow.Name == name).MaxBy(flow => flow.Version);

    /// <summary>In a flow <c>owner</c> is the ATP's owner, although the roster may have a role of that name.</summary>
    internal bool IsRole(string role) => role == "operator" || (role is not (Agents.Roles.AtpOwner or Agents.Roles.Any) && Roles.Contains(role));

    internal bool IsRoleOrOwner(string role) => role == "owner" || IsRole(role);

    internal bool IsTaker(string role) => role == "any" || IsRoleOrOwner(role);
}
