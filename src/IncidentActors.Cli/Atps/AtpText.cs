using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Atps;
using Spectre.Console;

namespace IncidentActors.Cli.Atps;

/// <summary>An ATP on the terminal.</summary>
internal static class AtpText
{
    public static string Heading(AtpView atp) =>
        $"[bold]{Markup.Escape(atp.Id)}[/]  {Words.Of(atp.Priority)}  {Words.State(atp.Status)}  [bold]{Words.Short(atp.Title, 120)}[/]";

    /// <summary>The answer to a command: where the ATP is, and what comes next.</summary>
    public static void Changed(Line line, AtpView atp)
    {
        line.Screen.MarkupLine(Heading(atp));
        line.Screen.MarkupLine(NextLine(atp));
    }

    /// <summary>The command that comes next: what the first row that leads on needs, or else the row itself.</summary>
    public static string NextLine(AtpView atp)
    {
        var row = atp.Next.FirstOrDefault(row => row.To != atp.Status);
        var needed = row?.Requirements.FirstOrDefault(requirement => !requirement.Met)?.Command ?? row?.Command;
        var command = needed is null || needed.Contains("@HANDLE", StringComparison.Ordinal) ? $"incident next {atp.IncidentId ?? atp.Id}" : needed;
        return $"[grey]Next: {Markup.Escape(command)}[/]";
    }

    public static void Details(Line line, AtpView atp)
    {
        var now = line.Terminal.Now;
        line.Screen.MarkupLine(Heading(atp));
        line.Screen.Write(Facts.New()
            .With("flow", $"{Markup.Escape(atp.Flow)} version {atp.FlowVersion}")
            .With("type", Markup.Escape(atp.Type))
            .With("owner", Words.Text(atp.Owner))
            .With("incident", Words.Text(atp.IncidentId))
            .With("parent", atp.ParentAtpId is { } parent ? Markup.Escape(parent) : null)
            .With("created", $"{Ago.Both(atp.CreatedAt, now)} by {Markup.Escape(atp.CreatedBy)}")
            .With("due", atp.DueAt is { } due ? $"{(due < now && !atp.Finished ? "[red]overdue[/] " : "")}{Ago.Both(due, now)}" : null)
            .With("closed", atp.ClosedAt is { } closed ? Ago.Both(closed, now) : null)
            .With("notes", atp.Notes is { } notes ? Markup.Escape(notes.Trim()) : null)
            .With("gates", string.Join("\n", atp.Gates.Select(Gate)))
            .With("artifacts", string.Join("\n", atp.Artifacts.Select(Artifact)))
            .With("approvals", string.Join("\n", atp.Approvals.Select(Approval)))
            .With("must cover", Markup.Escape(string.Join(", ", atp.Sections)))
            .With("debt", Markup.Escape(string.Join(", ", atp.Debt)))
            .With("follow-ups", Markup.Escape(string.Join(", ", atp.FollowUps.Select(one => $"{one.AtpId} ({one.Type})"))))
            .With("still owed", Markup.Escape(string.Join("\n", atp.Owed.Select(Owed))))
            .With("next", string.Join("\n", atp.Next.Select(Next))));
        if (atp.History.IsEmpty) return;
        line.Screen.WriteLine();
        line.Screen.Write(History(atp, now));
    }

    public static ListTable List(IEnumerable<AtpView> atps)
    {
        var table = new ListTable("id", "prio", "status", "flow", "owner", "incident", "title");
        foreach (var atp in atps)
        {
            table.AddRow(
                Markup.Escape(atp.Id), Words.Of(atp.Priority), Words.State(atp.Status), Markup.Escape(atp.Flow), Words.Text(atp.Owner),
                Words.Text(atp.IncidentId), Words.Short(atp.Title, 60));
        }

        return table;
    }

    private static ListTable History(AtpView atp, DateTimeOffset now)
    {
        var table = new ListTable("row", "from", "to", "by", "trigger", "at");
        foreach (var entry in atp.History)
        {
            table.AddRow(
                entry.Row.ToString(System.Globalization.CultureInfo.InvariantCulture), Markup.Escape(entry.From), Words.State(entry.To),
                Markup.Escape(entry.By) + (entry.Automatic ? " [grey](automatic)[/]" : ""), Markup.Escape(entry.Trigger), Ago.Both(entry.At, now));
        }

        return table;
    }

    private static string Gate(GateView gate) => gate.Verified is { } by
        ? $"[green]yes[/]   {Markup.Escape(gate.Question)} [grey]{Markup.Escape(by.By)}, {Markup.Escape(by.Basis)}[/]"
        : $"[yellow]open[/]  {Markup.Escape(gate.Question)}";

    private static string Artifact(Artifact one)
    {
        var outcome = one.Outcome is { } said ? $" ({Markup.Escape(said)})" : "";
        return $"{Markup.Escape(one.Type)} [grey]{Markup.Escape(one.Id)}[/] {Words.Short(one.Title, 60)}{outcome} by {Markup.Escape(one.By)}";
    }

    private static string Approval(AtpApproval one)
    {
        var state = Words.State(one.Status.ToString().ToLowerInvariant());
        return $"{Markup.Escape(one.Id)} row {one.Row} by {Markup.Escape(one.Role)}: {state}{(one.Automatic ? " (by itself)" : "")}";
    }

    private static string Owed(OwedMessage one) =>
        $"{one.Type} from {one.By} to {one.To}: {one.Subject} (if {one.By} does not send it, the system does)";

    private static string Next(NextStep next) =>
        $"{next.Row}: to {Markup.Escape(next.To)} by {Markup.Escape(next.Role)} with {Markup.Escape(string.Join(" or ", next.Tools))} "
        + $"[grey]({Markup.Escape(next.Trigger)})[/]";
}
