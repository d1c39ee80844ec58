using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>The owner's override on an ATP (seed 003): what it bypasses is recorded rule by rule, and the operator is told.</summary>
internal static class AtpOverride
{
    /// <summary>Goes to any state of the flow, whatever the table, its roles, gates, artifacts and approvals say.</summary>
    public static Rejected? ChangeStatus(AtpTurn turn, FlowState target, string? notes, string tool)
    {
        var from = turn.State.Status;
        if (from == target.Name) return null;
        var row = turn.Flow.From(from).FirstOrDefault(row => row.To == target.Name);
        if (row is null)
            turn.Bypass(Rules.AtpTransitionUnknown);
        else
            Bypassed(turn, row, tool);
        AtpRows.Take(turn, row ?? Free(from, target, tool), notes, tool);
        return null;
    }

    /// <summary>The command was accepted with an override: say so.</summary>
    public static void Record(AtpTurn turn, AtpCommand command)
    {
        if (turn.World.Caller.Override is not { } reason || !turn.Exists) return;
        turn.Happen(new AtpOverridden(Overriding.NameOf(command), reason, [.. turn.Bypassed]));
        var bypassed = turn.Bypassed.Count == 0 ? "nothing that Core decides" : string.Join(", ", turn.Bypassed);
        AtpMessages.Notify(
            turn, Handle.Operator, MessageType.HITLNotification, Priority.P0, $"Overridden by {turn.Call.By}: {turn.Id}",
            $"{Overriding.NameOf(command)} on {turn.Id}: {reason}\n\nBypassed: {bypassed}.");
    }

    private static void Bypassed(AtpTurn turn, FlowRow row, string tool)
    {
        if (!AtpRows.ByTool(row, tool)) turn.Bypass(Rules.AtpTransitionTool);
        if (row.Role is not (Roles.Any or Roles.AtpOwner) && !turn.World.Caller.Has(row.Role)) turn.Bypass(Rules.AtpTransitionRole);
        foreach (var unmet in AtpRequirements.Each(turn, row)) turn.Bypass(unmet.Rule);
    }

    /// <summary>A row that the table has not: number 0, notified, ends the turn where it ends the ATP.</summary>
    private static FlowRow Free(string from, FlowState target, string tool) => new()
    {
        Number = 0,
        Kind = RowKind.Transition,
        From = from,
        To = target.Name,
        Trigger = "Overridden",
        Role = Roles.Owner,
        Tools = [tool],
        Hitl = RowHitl.Notify,
        EndsTurn = target.Terminal,
    };
}
