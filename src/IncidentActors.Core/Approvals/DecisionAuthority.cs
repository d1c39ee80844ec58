using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Approvals;

/// <summary>What is decided, with all that says who may: an approval, or a run of a runbook.</summary>
/// <param name="Role">Decides it; null: any role.</param>
/// <param name="RoleRule">Refuses who does not have the role.</param>
/// <param name="Given">Who has approved, each with the person in whose place, or null.</param>
internal sealed record Decidable(
    string Id, string? Role, string RoleRule, string AskedBy, int? Approvers, TimeSpan? SignedInWithin, IReadOnlyList<(string By, string? For)> Given);

/// <summary>Who may decide: by role or in another one's place, freshly signed in, neither a person who asked nor, to approve, one who has approved.</summary>
internal static class DecisionAuthority
{
    public static Rejected? NotFresh(Decidable asked, World world)
    {
        if (asked.SignedInWithin is not { } within) return null;
        if (world.Call.SignedInAt is { } at && at <= world.Call.At && world.Call.At - at <= within) return null;
        var since = world.Call.SignedInAt is { } last ? $"your last sign-in was at {last:u}" : "your credentials do not say when you signed in";
        return Rejected.Role(
            Rules.ApprovalSignIn,
            $"{asked.Id} needs a sign-in within {FlowDuration.Format(within)}, and {since}: sign in again at /signin, "
            + "or show a JWT with a fresh auth_time.");
    }

    /// <param name="approve">A person who has approved may still reject, as long as the question is open.</param>
    /// <returns>The refusal, or who delegated the decision to the caller, or neither: the caller decides by its own role.</returns>
    public static (Rejected? Refused, string? Delegator) Check(Decidable asked, bool approve, World world)
    {
        var caller = world.Caller;
        if (caller.Overrides) return default;
        if (asked.Role is not { } role || caller.Has(role) || caller.OutranksHalts) return (Taken(asked, approve, caller.Handle, null, world.Roster), null);
        Rejected? refused = null;
        foreach (var delegator in world.Roster.Delegators(caller.Handle, role, world.Call.At))
        {
            refused = Taken(asked, approve, caller.Handle, delegator, world.Roster);
            if (refused is null) return (null, delegator);
        }

        return (refused ?? Rejected.Role(
            asked.RoleRule, $"{asked.Id} is decided by the role {role}; {caller.Handle} does not have it.", [world.Roster.HandleFor(role)]), null);
    }

    /// <summary>The refusal of a person who asked, or who approves and has approved under any handle or in another one's place; or null.</summary>
    private static Rejected? Taken(Decidable asked, bool approve, string handle, string? delegator, Roster roster)
    {
        if (roster.IsSamePerson(handle, asked.AskedBy) || (delegator is not null && roster.IsSamePerson(delegator, asked.AskedBy)))
        {
            return Rejected.Role(
                Rules.ApprovalOwn,
                $"{asked.AskedBy} asked for {asked.Id}, so {handle} cannot decide it{(delegator is null ? "" : $" for {delegator}")}.");
        }

        if (!approve) return null;
        foreach (var before in asked.Given)
        {
            if (!Is(handle, before) && (delegator is null || !Is(delegator, before))) continue;
            return Rejected.Conflict(
                Rules.ApprovalGiven,
                $"{before.By} has approved {asked.Id}{(before.For is { } of ? $" for {of}" : "")}, and a person counts once; "
                + $"{asked.Approvers} different persons must approve.");
        }

        return null;

        bool Is(string one, (string By, string? For) given) => roster.IsSamePerson(one, given.By) || roster.IsSamePerson(one, given.For);
    }
}
