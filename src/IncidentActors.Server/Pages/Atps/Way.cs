using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;

namespace IncidentActors.Server.Pages.Atps;

/// <summary>A row that leads on: who takes it, by which tool, and what it needs first.</summary>
/// <param name="Tool">The tool that the page offers for it.</param>
/// <param name="Receiver">For a handoff: who most likely comes next.</param>
public sealed record Way(FlowRow Row, string Who, string Tool, ImmutableArray<Need> Needs, string? Receiver)
{
    private static readonly ImmutableArray<string> Offered = ["message_ack", "handoff", "atp_close", "atp_change_status", "atp_set"];

    internal static Way Of(FlowRow row, AtpState atp, Flow flow, Roster roster)
    {
        var tool = Offered.FirstOrDefault(row.Tools.Contains) ?? "atp_change_status";
        var next = flow.From(row.To).FirstOrDefault(following => !following.Automatic && !following.Rollback);
        var receiver = next?.Requires.Approval?.Role ?? next?.Role;
        return new Way(
            row,
            AwaitedStep.WhoTakes(row, atp.Owner, roster),
            tool,
            [.. Required(row, atp, flow)],
            receiver is null or Roles.Any or Roles.AtpOwner ? null : roster.HandleFor(receiver));
    }

    private static IEnumerable<Need> Required(FlowRow row, AtpState atp, Flow flow)
    {
        if (row.Requires.Approval is { } approval)
        {
            var last = atp.Approvals.LastOrDefault(one => one.Row == row.Number);
            yield return new Need($"approval by {approval.Role}", last?.Status == AtpApprovalStatus.Approved, last?.Id);
        }

        if (!row.Requires.GatesVerifiedByTaker)
        {
            foreach (var gate in row.Requires.Gates) yield return new Need(flow.Gate(gate)?.Question ?? gate, atp.Gates.ContainsKey(gate));
        }

        var since = atp.History.LastOrDefault(entry => entry.To == row.From && entry.From != row.From)?.Number ?? 0;
        foreach (var artifact in row.Requires.Artifacts)
        {
            var sections = artifact.Sections.IsDefaultOrEmpty ? "" : $" with {string.Join(", ", artifact.Sections)}";
            var outcome = artifact.Outcome is null ? "" : $" that says {artifact.Outcome}";
            yield return new Need(
                $"{artifact.Type}{outcome}{sections}",
                atp.Artifacts.Any(one => one.Type == artifact.Type
                    && (!artifact.Fresh || one.Entry >= since)
                    && (artifact.Outcome is null || one.Outcome == artifact.Outcome)));
        }

        foreach (var branch in flow.Branches.Where(branch => row.Requires.Branches.Contains(branch.Id)))
            yield return new Need($"{branch.Title} ({branch.DoneBy})", atp.Artifacts.Any(one => one.Type == branch.DoneBy));
    }
}

/// <param name="Met">As far as a page can tell; the tool decides.</param>
/// <param name="Approval">Id of the approval that is needed, or null.</param>
public sealed record Need(string Text, bool Met, string? Approval = null);
