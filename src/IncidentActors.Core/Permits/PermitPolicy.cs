using System.Collections.Immutable;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Permits;

public enum PermitDecision
{
    Allow,

    /// <summary>Allowed for an ATP with an approved approval.</summary>
    Approval,
    Forbid,
}

/// <summary>What an action that ended without a report leads to.</summary>
public enum UnknownPolicy
{
    /// <summary>Its permit is closed when its time is over.</summary>
    Ignore,

    /// <summary>It is shown until it is settled.</summary>
    Show,

    /// <summary>Shown, and until then the same action on the same target gets no further permit.</summary>
    Block,
}

/// <summary>One rule of the policy; null matches anything.</summary>
/// <param name="Seconds">How long a permit holds at most.</param>
/// <param name="Reads">The action only reads.</param>
/// <param name="Needs">What a request must name: <c>target</c>, <c>environment</c>, <c>digest</c>, <c>atp</c>.</param>
/// <param name="Reason">Said to those who are refused.</param>
public sealed record PermitRule(
    string Action, string? Target, string? Environment, PermitDecision Decision, int Seconds, UnknownPolicy Unknown, bool Reads,
    ImmutableArray<string> Needs, string? Reason)
{
    public bool Matches(string action, string? target, string? environment) =>
        Wildcard.Matches(Action, action) && MatchesOptional(Target, target) && MatchesOptional(Environment, environment);

    private static bool MatchesOptional(string? pattern, string? text) => pattern is null || (text is not null && Wildcard.Matches(pattern, text));
}

/// <summary>Which action a tool of an agent program is.</summary>
/// <param name="Tools">Patterns of the tool's name.</param>
/// <param name="Texts">Patterns of the command that it runs; empty: any.</param>
/// <param name="Action">The action, or null if the tool needs no permit.</param>
public sealed record ToolRule(ImmutableArray<string> Tools, ImmutableArray<string> Texts, string? Action, string? Target, string? Environment)
{
    public bool Matches(string tool, string text) =>
        Tools.Any(pattern => Wildcard.Matches(pattern, tool)) && (Texts.IsEmpty || Texts.Any(pattern => Wildcard.Matches(pattern, text)));
}

/// <summary>What may be done outside the journal. What no rule names is refused.</summary>
public sealed record PermitPolicy(ImmutableArray<PermitRule> Rules, ImmutableArray<ToolRule> Tools)
{
    /// <summary>The longest time that a policy may give; so a halt's bound is never further away.</summary>
    public const int MaxSecondsLimit = 3600;

    private static readonly Lazy<PermitPolicy> LazyShipped = new(PermitsYaml.Shipped);

    public static PermitPolicy Shipped => LazyShipped.Value;

    /// <summary>No permit holds longer: within this time after a halt the last covered one has ended.</summary>
    public int MaxSeconds => Rules.IsEmpty ? 0 : Rules.Max(rule => rule.Seconds);

    public PermitRule? RuleFor(string action, string? target, string? environment) =>
        Rules.FirstOrDefault(rule => rule.Matches(action, target, environment));

    /// <summary>The rule of a tool's use; null: no rule names it, so it is refused.</summary>
    public ToolRule? RuleForTool(string tool, string text) => Tools.FirstOrDefault(rule => rule.Matches(tool, text));
}
