using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Approvals;

/// <summary>What an accepted decision counts for.</summary>
/// <param name="For">Who delegated it to the caller, or null: the caller decides by its own role.</param>
/// <param name="Concludes">False: other persons must approve, too.</param>
/// <param name="Bypassed">The rules that the caller bypasses by an override.</param>
internal sealed record ApprovalVoice(string? For, bool Concludes, ImmutableArray<string> Bypassed);

/// <summary>
/// Decisions about one approval: who may decide it, and how. What follows for its ATP is decided in the same turn and commit
/// (<see cref="Atps.AtpApprovals"/>), so an approval has no separate turns.
/// </summary>
internal static class ApprovalDecider
{
    public static Rejected Unknown(string id, string atpId) => Rejected.Unknown(Rules.ApprovalUnknown, $"There is no approval {id} on {atpId}.");

    /// <returns>The refusal, or what the decision counts for.</returns>
    public static (Rejected? Refused, ApprovalVoice? Voice) Decide(ApprovalState approval, DecideApproval decide, World world)
    {
        var (caller, roster) = (world.Caller, world.Roster);
        if (approval.Status != ApprovalStatus.Open) return (AlreadyDecided(approval), null);
        if (NotFresh(approval, world) is { } stale) return (stale, null);
        if (decide.Content is { } content && content != approval.Content) return (AnotherContent(approval, content), null);
        var (refused, delegator) = Authority(approval, world);
        if (refused is not null) return (refused, null);
        if (WrongOption(approval, decide) is { } option) return (option, null);
        if (caller.Overrides) return (null, new ApprovalVoice(null, Concludes: true, [.. Bypassed(approval, caller, roster)]));
        if (!decide.Approve) return (null, new ApprovalVoice(delegator, Concludes: true, []));
        return (null, new ApprovalVoice(delegator, (approval.Given?.Length ?? 0) + 1 >= (approval.Approvers ?? 1), []));
    }

    /// <summary>What happens when the time runs out without a decision.</summary>
    public static IEvent TimeIsUp(ApprovalState approval, Policies.Policy policy) => approval.OnTimeout switch
    {
        ApprovalTimeout.Reject => new ApprovalDecided(false, null, "not decided in time", true, null, approval.Content),
        ApprovalTimeout.Approve when !policy.NeverApproveByTimeout => new ApprovalDecided(true, null, "not decided in time", true, null, approval.Content),
        _ => new ApprovalOverdue(approval.TimesOverdue + 1),
    };

    /// <summary>By the caller's own role, or in the place of somebody who has it: neither may be a person who asked or has approved already.</summary>
    private static (Rejected? Refused, string? Delegator) Authority(ApprovalState approval, World world)
    {
        var caller = world.Caller;
        if (caller.Overrides) return default;
        if (caller.Has(approval.Role) || caller.OutranksHalts) return (Taken(approval, caller.Handle, null, world.Roster), null);
        Rejected? refused = null;
        foreach (var delegator in world.Roster.Delegators(caller.Handle, approval.Role, world.Call.At))
        {
            refused = Taken(approval, caller.Handle, delegator, world.Roster);
            if (refused is null) return (null, delegator);
        }

        return (refused ?? NotTheRole(approval, caller, world.Roster), null);
    }

    /// <summary>The refusal of a person who asked, or who has approved under any handle or in another one's place; or null.</summary>
    private static Rejected? Taken(ApprovalState approval, string handle, string? delegator, Roster roster)
    {
        if (roster.IsSamePerson(handle, approval.AskedBy) || (delegator is not null && roster.IsSamePerson(delegator, approval.AskedBy)))
        {
            return Rejected.Role(
                Rules.ApprovalOwn,
                $"{approval.AskedBy} asked for {approval.Id}, so {handle} cannot decide it{(delegator is null ? "" : $" for {delegator}")}.");
        }

        var before = (approval.Given ?? []).FirstOrDefault(given =>
            Is(handle, given.By) || Is(handle, given.For) || (delegator is not null && (Is(delegator, given.By) || Is(delegator, given.For))));
        return before is null
            ? null
            : Rejected.Conflict(
                Rules.ApprovalGiven,
                $"{before.By} has approved {approval.Id}{(before.For is { } of ? $" for {of}" : "")}, and a person counts once; "
                + $"{approval.Approvers} different persons must approve.");

        bool Is(string one, string? other) => roster.IsSamePerson(one, other);
    }

    private static Rejected? NotFresh(ApprovalState approval, World world)
    {
        if (approval.SignedInWithin is not { } within) return null;
        if (world.Call.SignedInAt is { } at && at <= world.Call.At && world.Call.At - at <= within) return null;
        var since = world.Call.SignedInAt is { } last ? $"your last sign-in was at {last:u}" : "your credentials do not say when you signed in";
        return Rejected.Role(
            Rules.ApprovalSignIn,
            $"{approval.Id} is decided by who has signed in within {FlowDuration.Format(within)}, and {since}: sign in again at /signin, "
            + "or show a JWT with a fresh auth_time.");
    }

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

    private static Rejected NotTheRole(ApprovalState approval, AgentInfo caller, Roster roster) => Rejected.Role(
        Rules.ApprovalRole, $"{approval.Id} is decided by the role {approval.Role}; {caller.Handle} is not that.", [roster.HandleFor(approval.Role)]);

    private static Rejected AlreadyDecided(ApprovalState approval)
    {
        var status = approval.Status.ToString().ToLowerInvariant();
        var how = approval.Automatic ? " (automatically: not answered in time)" : "";
        return Rejected.Conflict(
            Rules.ApprovalDecided, $"{approval.Id} is {status} by {approval.DecidedBy}{how} since {approval.DecidedAt:u}.");
    }
}
