using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Atps;

/// <summary>How an incident moves or ends its ATPs, outside the rows of their flows.</summary>
internal static class AtpEnding
{
    /// <summary>Ends it without a result: approvals void, messages withdrawn, clocks stopped; no follow-up. An ATP that is finished keeps its result,
    /// and only its open messages go.</summary>
    public static void Cancel(AtpTurn turn, string reason)
    {
        if (!turn.State.Finished)
        {
            AtpApprovals.VoidAll(turn, reason);
            AtpClocks.StopAll(turn);
            AtpMessages.WithdrawAll(turn, reason);
            turn.Add(new AtpCanceled(reason));
            AtpDependencies.Over(turn);
            return;
        }

        AtpMessages.WithdrawAll(turn, reason);
    }

    /// <summary>Ends it as done, where its incident is over: by the flow's last state, with the follow-ups that this state owes.</summary>
    public static void Finish(AtpTurn turn, string trigger)
    {
        var closed = turn.Flow.State("Closed") is { Terminal: true } named ? named : turn.Flow.States.First(state => state.Terminal);
        MoveTo(turn, closed, trigger, null);
    }

    /// <summary>Moves it to a state of its flow although no row leads there: recorded as row 0.</summary>
    public static void MoveTo(AtpTurn turn, FlowState target, string trigger, string? notes)
    {
        if (turn.State.Status == target.Name) return;
        AtpRows.Take(turn, Row(turn.State.Status, target, trigger, Agents.Roles.Any, Tools.Incident), notes, Tools.Incident);
    }

    /// <summary>A row that no table has.</summary>
    internal static FlowRow Row(string from, FlowState target, string trigger, string role, string tool) => new()
    {
        Number = 0,
        Kind = RowKind.Transition,
        From = from,
        To = target.Name,
        Trigger = trigger,
        Role = role,
        Tools = [tool],
        EndsTurn = target.Terminal,
    };
}
