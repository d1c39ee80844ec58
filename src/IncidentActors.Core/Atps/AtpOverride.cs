using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>The owner's override on an ATP (seed 003): what it bypasses is recorded rule by rule, and the operator is notified.</summary>
internal static class AtpOverride
{
    /// <summary>Moves to any state of the flow, regardless of rows, roles, gates, artifacts and approvals.</summary>
    public static Rejected? ChangeStatus(AtpTurn turn, FlowState target, string? notes, string tool)
    {
        var from = turn.State.Status;
        if (from == target.Name) return null;
        var row = turn.Flow.From(from).FirstOrDefault(row => row.To == target.Name);
        if (row is null)
            turn.Bypass(Rules.AtpTransitionUnknown);
        else
            Bypassed(turn, row, tool);
        AtpRows.Take(turn, row ?? AtpEnding.Row(from, target, "Overridden", Roles.Owner, tool) with { Hitl = RowHitl.Notify }, notes, tool);
        return null;
    }

    /// <summary>The command was accepted with an override: say so.</summary>
    public static void Record(AtpTurn turn, AtpCommand command)
    {
        if (turn.World.Caller.Override is not { } reason || !turn.Exists) return;
        turn.Add(new AtpOverridden(OwnerOverride.NameOf(command), reason, [.. turn.Bypassed]));
        var bypassed = turn.Bypassed.Count == 0 ? "nothing that Core decides" : string.Join(", ", turn.Bypassed);
        AtpMessages.Notify(
            turn, Handle.Operator, MessageType.HITLNotification, Priority.P0, $"Overridden by {turn.Call.By}: {turn.Id}",
            $"{OwnerOverride.NameOf(command)} on {turn.Id}: {reason}\n\nBypassed: {bypassed}.");
    }

    private static void Bypassed(AtpTurn turn, FlowRow row, string tool)
    {
        if (!AtpRows.ByTool(row, tool)) turn.Bypass(Rules.AtpTransitionTool);
        if (row.Role is not (Roles.Any or Roles.AtpOwner) && !turn.World.Caller.Has(row.Role)) turn.Bypass(Rules.AtpTransitionRole);
        foreach (var unmet in AtpRequirements.Each(turn, row)) turn.Bypass(unmet.Rule);
    }
}
