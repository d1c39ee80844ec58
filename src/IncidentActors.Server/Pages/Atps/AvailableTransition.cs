using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;

namespace IncidentActors.Server.Pages.Atps;

/// <summary>A row that leads on: who takes it, by which tool, and what it needs first.</summary>
/// <param name="Tool">The tool that the page offers for it.</param>
/// <param name="Receiver">For a handoff: who most likely comes next.</param>
public sealed record AvailableTransition(FlowRow Row, string Who, string Tool, ImmutableArray<Requirement> Requirements, string? Receiver)
{
    private static readonly ImmutableArray<string> Offered = ["message_ack", "handoff", "atp_close", "atp_change_status", "atp_set"];

    internal static AvailableTransition Of(FlowRow row, AtpState atp, Flow flow, Roster roster)
    {
        var next = flow.From(row.To).FirstOrDefault(following => !following.Automatic && !following.Rollback);
        var receiver = next?.Requires.Approval?.Role ?? next?.Role;
        return new AvailableTransition(
            row,
            AwaitedStep.WhoTakes(row, atp.Owner, roster),
            Offered.FirstOrDefault(row.Tools.Contains) ?? "atp_change_status",
            AtpRequirements.Explain(atp, row, flow, (handle, role) => roster.RolesOf(handle).Contains(role)),
            receiver is null or Roles.Any or Roles.AtpOwner ? null : roster.HandleFor(receiver));
    }
}
