using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Halts;
using Spectre.Console;

namespace IncidentActors.Cli.Halts;

/// <summary>Halts on the terminal.</summary>
internal static class HaltText
{
    /// <summary>Agents that are listed by name; the rest is counted.</summary>
    private const int MaxAgents = 20;

    public static string Notice(HaltNotice halt, DateTimeOffset now) =>
        $"[bold red]HALTED[/] by {Markup.Escape(halt.Id)} on {Markup.Escape(halt.Scope.ToString())} since "
        + $"{Ago.Both(halt.RaisedAt, now)}, {Markup.Escape(halt.RaisedBy)}: {Markup.Escape(halt.Reason)}";

    public static string Heading(HaltView halt) =>
        $"[bold]{Markup.Escape(halt.Id)}[/]  {Words.State(halt.Status)}  {Markup.Escape(halt.Scope.ToString())}  {Markup.Escape(halt.Reason)}";

    public static void Details(Line line, HaltView halt)
    {
        var now = line.Terminal.Now;
        line.Screen.MarkupLine(Heading(halt));
        line.Screen.Write(Facts.New()
            .With(
                "raised",
                $"{Ago.Both(halt.RaisedAt, now)} by {Markup.Escape(halt.RaisedBy)}{(halt.Condition is { } condition ? $" ({Markup.Escape(condition)})" : "")}")
            .With("incident", halt.IncidentId is { } incident ? Markup.Escape(incident) : null)
            .With(
                "fenced",
                halt.FencedAt is { } fenced
                    ? $"{Ago.Both(fenced, now)} [grey]no covered turn has been committed since then[/]"
                    : $"no: mode {halt.Mode.Name()}")
            .With("lifted", halt.LiftedAt is { } lifted ? $"{Ago.Both(lifted, now)} by {Markup.Escape(halt.LiftedBy ?? "-")}" : null)
            .With("briefing", halt.BriefingRequired == true ? "required: covered agents acknowledge what changed before they go on" : null)
            .With("lifted for", string.Join("\n", halt.Lifts.Select(part => $"{Markup.Escape(part.Scope.ToString())} {Ago.Both(part.At, now)}")))
            .With("nodes", string.Join("\n", halt.Nodes.Select(node => $"{Confirmed(node.Confirmed)}  {Markup.Escape(node.Node)}  {Ago.Both(node.At, now)}")))
            .With("outside", halt.Permits is { } permits ? Outside(permits, now) : null)
            .With("agents", halt.LiftedAt is null && halt.Mode.IsEnforced() ? $"{halt.AgentsConfirmed} of {halt.AgentsCovered} confirmed" : null)
            .With("", Agents(halt, now))
            .With("not guarded", Others(halt)));
    }

    public static ListTable List(IEnumerable<HaltView> halts, DateTimeOffset now)
    {
        var table = new ListTable("id", "status", "scope", "raised", "by", "incident", "agents confirmed", "reason");
        foreach (var halt in halts)
        {
            table.AddRow(
                Markup.Escape(halt.Id), Words.State(halt.Status), Markup.Escape(halt.Scope.ToString()), Ago.Relative(halt.RaisedAt, now),
                Markup.Escape(halt.RaisedBy), Words.Text(halt.IncidentId),
                halt.Mode.IsEnforced() ? $"{halt.AgentsConfirmed} of {halt.AgentsCovered}" : "-", Words.Short(halt.Reason, 60));
        }

        return table;
    }

    private static string Outside(HaltPermits permits, DateTimeOffset now)
    {
        var bound = permits.QuietAt is { } quiet
            ? $"none has run since {Ago.Both(quiet, now)}"
            : $"the last one must end {Ago.Both(permits.MustEndBy, now)}";
        if (permits.AtRaise is not { } open) return bound;
        var shown = permits.Permits.Take(MaxAgents).Select(permit =>
            $"{Words.State(permit.Status)}  {Markup.Escape($"{permit.Action} {permit.Target}")}  {Markup.Escape(permit.Holder)}  {Markup.Escape(permit.Id)}");
        var counts = $"{open} open when it was raised, {permits.Confirmed} reported; {bound}";
        return string.Join("\n", [counts, .. shown]);
    }

    private static string Agents(HaltView halt, DateTimeOffset now)
    {
        var lines = halt.Agents
            .Take(MaxAgents)
            .Select(
                agent =>
                    $"{Confirmed(agent.Confirmed)}  {Markup.Escape(agent.Agent)}{(agent.At is { } at ? $"  {Ago.Both(at, now)}" : "")}"
                    + $"  [grey]{(agent.Guards.IsEmpty ? "outside actions not guarded" : $"guarded by {Markup.Escape(string.Join(", ", agent.Guards))}")}[/]");
        return string.Join("\n", halt.Agents.Length > MaxAgents ? lines.Append($"and {halt.Agents.Length - MaxAgents} more") : lines);
    }

    /// <summary>Other agents that are not guarded; null if there are none.</summary>
    private static string? Others(HaltView halt) => halt.OthersNotGuarded.IsEmpty
        ? null
        : Markup.Escape(string.Join(", ", halt.OthersNotGuarded.Take(MaxAgents)))
            + (halt.OthersNotGuarded.Length > MaxAgents ? $" and {halt.OthersNotGuarded.Length - MaxAgents} more" : "")
            + "  [grey]outside actions on what the halt names continue[/]";

    private static string Confirmed(bool confirmed) => Words.State(confirmed ? "confirmed" : "unconfirmed");
}
