using System.Collections.Immutable;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Agents;

/// <summary>What a roster lacks although each of its lines is right.</summary>
public static class RosterCheck
{
    /// <summary>One sentence for each role that a loaded flow needs and no member has: its messages would go to a handle that does not exist.</summary>
    public static ImmutableArray<string> Warnings(Roster roster, FlowSet flows, RunbookSet runbooks)
    {
        var known = roster.Members.SelectMany(member => member.Roles).ToHashSet();
        var approvals = flows.Latest
            .SelectMany(flow => flow.Rows.Select(row => (flow.Name, row.Number, row.Requires.Approval)))
            .Where(one => one.Approval is { Approvers: > 1 } needed && roster.Persons(needed.Role) < needed.Approvers);
        return
        [
            .. flows.Latest.SelectMany(flow => Roles(flow).Select(role => (Role: role, flow.Name)))
                .Where(needed => !known.Contains(needed.Role))
                .GroupBy(needed => needed.Role, needed => needed.Name)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"No member of the roster has the role '{group.Key}', which {string.Join(", ", group.Distinct())} "
                    + $"{(group.Distinct().Count() == 1 ? "needs" : "need")}: messages for it go to {roster.HandleFor(group.Key)}."),
            .. approvals.Select(one => $"Row {one.Number} of {one.Name} needs {one.Approval!.Approvers} different persons with the role "
                + $"'{one.Approval.Role}'; the roster has {roster.Persons(one.Approval.Role)}."),
            .. runbooks.All.Where(one => one is { Approvers: > 1, Approval: { } role } && roster.Persons(role) < one.Approvers)
                .Select(one => $"The runbook {one.Id} needs {one.Approvers} different persons with the role '{one.Approval}'; "
                    + $"the roster has {roster.Persons(one.Approval!)}."),
        ];
    }

    /// <summary>Roles that take a row, decide an approval, write evidence or work on a branch.</summary>
    public static ImmutableSortedSet<string> Roles(Flow flow) =>
    [
        .. flow.Rows.Select(row => row.Role)
            .Concat(flow.Rows.Select(row => row.Requires.Approval?.Role).OfType<string>())
            .Concat(flow.Rows.SelectMany(row => row.Requires.Artifacts).Select(artifact => artifact.By).OfType<string>())
            .Concat(flow.Branches.Select(branch => branch.Role))
            .Where(role => role is not (Agents.Roles.Any or Agents.Roles.AtpOwner or Agents.Roles.Operator)),
    ];
}
