namespace IncidentActors.Core.Flows;

public sealed partial class FlowChecker
{
    /// <summary>Every state is reached from a start, from every state an end is reached, and nothing leaves an end.</summary>
    private void CheckPaths()
    {
        if (!flow.Rows.Any(row => row.IsStart))
            Problem("rows", FlowRules.StartNone, "no row starts the flow; one comes from (new) or (alert)");
        var reached = Closure(flow.Rows.Where(row => row.IsStart).Select(row => row.To), Edges());
        var ending = Closure(flow.States.Where(state => state.Terminal).Select(state => state.Name), Edges().Select(edge => (edge.To, edge.From)));
        for (var index = 0; index < flow.States.Length; index++)
        {
            var (state, path) = (flow.States[index], $"states[{index}]");
            if (!reached.Contains(state.Name))
                Problem(path, FlowRules.StateUnreachable, $"no path leads from a start to {state.Name}; add a row to it or drop the state");
            if (!state.Terminal && !Edges().Any(edge => edge.From == state.Name && edge.To != state.Name))
                Problem(path, FlowRules.StateDeadEnd, $"nothing leads out of {state.Name}; add a row from it or mark it `terminal: true`");
            else if (!state.Terminal && !ending.Contains(state.Name) && flow.States.Any(other => other.Terminal))
                Problem(path, FlowRules.StateEndless, $"from {state.Name} no terminal state can be reached; add a row that leads towards one");
        }

        for (var index = 0; index < flow.Rows.Length; index++)
            CheckRowPath(flow.Rows[index], $"rows[{index}]");
    }

    private void CheckRowPath(FlowRow row, string path)
    {
        if (row.Kind == RowKind.Transition && IsState(row.From) && flow.State(row.From)!.Terminal)
        {
            Problem(
                $"{path}.from",
                FlowRules.TerminalLeft,
                $"{row.From} is terminal, so no row may leave it; start the row from another state, or make {row.From} not terminal");
        }

        if (row.Rollback && !RollsBackTo(row))
        {
            Problem(path, FlowRules.RollbackNowhere,
                $"the rollback of row {row.Number} leads nowhere: it must reach another state from which work goes on, or an end with a follow-up");
        }
    }

    private bool RollsBackTo(FlowRow row) =>
        row.Kind == RowKind.Transition
        && row.To != row.From
        && flow.State(row.To) is { } to
        && (to.Terminal
            ? flow.Rows.Any(other => other.Emits.FollowUp is { } followUp && (followUp.After ?? to.Name) == to.Name)
            : Edges().Any(edge => edge.From == to.Name && edge.To != to.Name));

    /// <summary>Every way from a state to a state: the rows, and where a rejected approval leads.</summary>
    private IEnumerable<(string From, string To)> Edges() => flow.Rows
        .Where(row => row.Kind == RowKind.Transition)
        .SelectMany(row => row.Requires.Approval?.RejectTo is { } back ? [(row.From, row.To), (row.From, back)] : new[] { (row.From, row.To) });

    private static HashSet<string> Closure(IEnumerable<string> from, IEnumerable<(string From, string To)> edges)
    {
        var next = edges.ToLookup(edge => edge.From, edge => edge.To);
        Queue<string> open = new(from);
        HashSet<string> reached = [];
        while (open.TryDequeue(out var state))
        {
            if (reached.Add(state))
            {
                foreach (var to in next[state])
                    open.Enqueue(to);
            }
        }

        return reached;
    }

    private bool CanReturnTo(string state) =>
        Closure(Edges().Where(edge => edge.From == state).Select(edge => edge.To), Edges()).Contains(state);
}
