using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Atps;

/// <summary><c>atp_set</c> on an ATP that exists: fields first, then the status.</summary>
internal static class AtpFields
{
    public static Rejected? Set(AtpTurn turn, SetAtp set)
    {
        var state = turn.State;
        var moves = set.Status is { } status && !string.Equals(turn.Flow.State(status)?.Name, state.Status, StringComparison.Ordinal);
        var changes = set.Owner is not null || set.Priority is not null || set.Title is not null || set.Notes is not null || !set.VerifiedGates.IsEmpty
            || set.Details is not null;
        if (changes && !moves && !MayChange(turn))
        {
            return Rejected.Role(
                Rules.AtpFieldRole,
                $"{turn.World.Caller.Handle} may not change {state.Id}; its owner, its creator, @pm, the incident's responders and the operator may.");
        }

        if (state.Finished && (changes || moves))
            return Rejected.Conflict(Rules.AtpClosed, $"{state.Id} is {state.Status} and cannot be changed any more.");
        if (Gates(turn, set) is { } refusedGate) return refusedGate;
        if (set.Owner is { } owner && owner != state.Owner)
        {
            if (turn.World.Agent(owner) is null) return AgentDecider.Unknown(owner);
            turn.Add(new AtpOwned(owner));
        }

        if (set.Priority is { } priority && priority != state.Priority) turn.Add(new AtpPriorityChanged(state.Priority, priority));
        if (moves) return AtpRows.ChangeStatus(turn, set.Status!, set.Notes, Tools.Set);
        if (set.Notes is { } notes && notes != state.Notes) turn.Add(new AtpNoted(notes));
        AtpRows.TakeAutomatic(turn);
        return null;
    }

    public static Rejected? Gates(AtpTurn turn, SetAtp set)
    {
        foreach (var gate in set.VerifiedGates)
        {
            if (turn.Flow.Gate(gate) is null)
                return new Rejected(Rules.GateUnknown, $"The flow {turn.State.Flow} has no gate '{gate}'.", [.. turn.Flow.Gates.Select(known => known.Id)]);
            if (NotTheVerifier(turn, gate) is { } refused) return refused;
            if (!turn.State.Gates.ContainsKey(gate)) turn.Add(new AtpGateVerified(gate, "confirmed by atp_set"));
        }

        return null;
    }

    /// <summary>A gate is answered by the approver of the row that it guards, or by the one who takes the row; never by the author of the work.</summary>
    private static Rejected? NotTheVerifier(AtpTurn turn, string gate)
    {
        var caller = turn.World.Caller;
        if (caller.OutranksHalts) return null;
        if (turn.State.History.LastOrDefault(entry => entry.Tool == Tools.Handoff)?.By == caller.Handle)
        {
            return Rejected.Role(
                Rules.GateOwn, $"{caller.Handle} handed off the work on {turn.Id}; somebody else must verify its gate '{gate}'.");
        }

        var roles = turn.Flow.Rows.Where(row => row.Requires.Gates.Contains(gate)).Select(row => row.Requires.Approval?.Role ?? row.Role).Distinct().ToList();
        return roles.Exists(role => role == Roles.Any || caller.Has(role) || (role == Roles.AtpOwner && caller.Handle == turn.State.Owner))
            ? null
            : Rejected.Role(
                Rules.GateRole, $"The gate '{gate}' of {turn.Id} is verified by the role {string.Join(" or ", roles)}; {caller.Handle} does not have it.",
                [.. roles.Where(role => role is not (Roles.Any or Roles.AtpOwner)).Select(turn.World.Roster.HandleFor)]);
    }

    public static bool MayChange(AtpTurn turn)
    {
        var caller = turn.World.Caller;
        return caller.OutranksHalts || caller.Has(Roles.Pm) || caller.Handle == turn.State.Owner || turn.State.Owner is null
            || caller.Handle == turn.State.CreatedBy || turn.Incident?.Has(caller.Handle) == true;
    }
}
