using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Approvals;

/// <summary>The effect of an accepted decision.</summary>
/// <param name="For">Who delegated it to the caller, or null: the caller decides by its own role.</param>
/// <param name="Concludes">False: other persons must approve, too.</param>
/// <param name="Bypassed">The rules that the caller bypasses by an override.</param>
internal sealed record DecisionEffect(string? For, bool Concludes, ImmutableArray<string> Bypassed);

/// <summary>
/// Decisions about one approval: who may decide it, and how. What follows for its ATP is decided in the same turn and commit
/// (<see cref="Atps.AtpApprovals"/>), so an approval has no separate turns.
/// </summary>
internal static class ApprovalDecider
{
    public static Rejected Unknown(string id, string atpId) => Rejected.Unknown(Rules.ApprovalUnknown, $"There is no approval {id} on {atpId}.");

    /// <returns>The refusal, or what the decision counts for.</returns>
    public static (Rejected? Refused, DecisionEffect? Voice) Decide(ApprovalState approval, DecideApproval decide, World world)
    {
        var (caller, roster) = (world.Caller, world.Roster);
        if (approval.Status != ApprovalStatus.Open) return (AlreadyDecided(approval), null);
        var asked = Asked(approval);
        if (DecisionAuthority.NotFresh(asked, world) is { } stale) return (stale, null);
        if (decide.Content is { } content && content != approval.Content) return (AnotherContent(approval, content), null);
        var (refused, delegator) = DecisionAuthority.Check(asked, decide.Approve, world);
        if (refused is not null) return (refused, null);
        if (WrongOption(approval, decide) is { } option) return (option, null);
        if (caller.Overrides) return (null, new DecisionEffect(null, Concludes: true, [.. Bypassed(approval, caller, roster)]));
        if (!decide.Approve) return (null, new DecisionEffect(delegator, Concludes: true, []));
        return (null, new DecisionEffect(delegator, (approval.Given?.Length ?? 0) + 1 >= (approval.Approvers ?? 1), []));
    }

    /// <summary>What happens when the time runs out without a decision.</summary>
    public static IEvent TimeIsUp(ApprovalState approval, Policies.Policy policy) => approval.OnTimeout switch
    {
        ApprovalTimeout.Reject => new ApprovalDecided(false, null, "not decided in time", true, null, approval.Content),
        ApprovalTimeout.Approve when !policy.NeverApproveByTimeout => new ApprovalDecided(true, null, "not decided in time", true, null, approval.Content),
        _ => new ApprovalOverdue(approval.TimesOverdue + 1),
    };

    private static Decidable Asked(ApprovalState approval) => new(
        approval.Id, approval.Role, Rules.ApprovalRole, approval.AskedBy, approval.Approvers, approval.SignedInWithin,
        [.. (approval.Given ?? []).Select(given => (given.By, given.For))]);

    private static Rejected AnotherContent(ApprovalState approval, string content) => Rejected.Conflict(
        Rules.ApprovalContent, $"{approval.Id} asks about the content {approval.Content}, not {content}; read it again.", [approval.Content]);

    /// <summary>The option must decide so, and be the one that the persons before have chosen.</summary>
    private static Rejected? WrongOption(ApprovalState approval, DecideApproval decide)
    {
        var fitting = approval.Options.Where(known => known.Approves is null || known.Approves == decide.Approve).Select(known => known.Id).ToImmutableArray();
        if (decide.Option is { } option && !fitting.Contains(option))
        {
            var sentence = $"{approval.Id} has no option '{option}' that {(decide.Approve ? "approves" : "rejects")}.";
            return new Rejected(Rules.ApprovalOption, sentence, fitting);
        }

        if (!decide.Approve || approval.Given is not [var first, ..] || first.Option == decide.Option) return null;
        var chosen = first.Option is { } one ? $"the option '{one}'" : "no option";
        return Rejected.Conflict(Rules.ApprovalOption, $"{first.By} has approved {approval.Id} with {chosen}: choose the same, or reject.", fitting);
    }

    private static IEnumerable<string> Bypassed(ApprovalState approval, AgentInfo caller, Roster roster)
    {
        if (!caller.Has(approval.Role)) yield return Rules.ApprovalRole;
        if (roster.IsSamePerson(caller.Handle, approval.AskedBy)) yield return Rules.ApprovalOwn;
        if (approval.Approvers > 1) yield return Rules.ApprovalQuorum;
    }

    private static Rejected AlreadyDecided(ApprovalState approval)
    {
        var status = approval.Status.ToString().ToLowerInvariant();
        var how = approval.Automatic ? " (automatically: not answered in time)" : "";
        return Rejected.Conflict(
            Rules.ApprovalDecided, $"{approval.Id} was {status} by {approval.DecidedBy}{how} at {approval.DecidedAt:u}.");
    }
}
