using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;
using IncidentActors.Engine;

namespace IncidentActors.Server.Pages.Atps;

/// <summary>What an ATP waits for, and from whom: read from its flow's table, for people; the tools enforce what may be done.</summary>
/// <param name="Who">A handle, or that there is no owner yet.</param>
/// <param name="What">In words: <c>moves it to Complete: Fix ready</c>.</param>
/// <param name="Approval">The approval that is waited for, or null.</param>
public sealed record AwaitedStep(string AtpId, string Who, string What, string? Approval = null)
{
    public const string Anyone = "anyone";

    /// <summary>The step, or null if the ATP is finished or its flow is not loaded.</summary>
    public static AwaitedStep? Of(AtpState atp, EngineOptions options)
    {
        if (atp.Finished || options.Flows.Find(atp.Flow, atp.FlowVersion) is not { } flow) return null;
        if (atp.Approvals.FirstOrDefault(approval => approval.Status == AtpApprovalStatus.Open) is { } open)
            return new AwaitedStep(atp.Id, options.Roster.HandleFor(open.Role), "decides the approval", open.Id);
        var rows = Ways(flow, atp.Status, atp.History).ToList();
        if (rows.FirstOrDefault(row => row.Tools.Contains("message_ack")) is not null
            && atp.OpenMessages.Values.FirstOrDefault(
                message =>
                    message is { RequiresAck: true, Type: MessageType.EmergencyDirective or MessageType.Directive }) is { } directive)
        {
            return new AwaitedStep(atp.Id, directive.To, "acknowledges the directive");
        }

        return rows.FirstOrDefault(row => !row.Tools.Contains("message_ack")) is { } next
            ? new AwaitedStep(atp.Id, WhoTakes(next, atp.Owner, options.Roster), $"moves it to {next.To}: {next.Trigger}")
            : null;
    }

    /// <summary>Rows that a person may take next: what has been taken in place, what the system takes and what undoes work is not among them.</summary>
    public static IEnumerable<FlowRow> Ways(Flow flow, string status, ImmutableArray<HistoryEntry> history) =>
        flow.From(status).Where(row => !row.Automatic && !row.Rollback && !(row.From == row.To && history.Any(entry => entry.Row == row.Number)));

    public static string WhoTakes(FlowRow row, string? owner, Roster roster) => row.Role switch
    {
        Roles.AtpOwner => owner ?? "no owner yet",
        Roles.Any => owner ?? Anyone,
        _ => roster.HandleFor(row.Role),
    };
}
