using System.CommandLine;
using IncidentActors.Cli.Halts;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Messages;
using Spectre.Console;

namespace IncidentActors.Cli.Agents;

/// <summary><c>incident inbox</c> and <c>incident agent</c>.</summary>
internal static class AgentVerbs
{
    public static Command Inbox(Verbs verbs)
    {
        var handle = Given.Maybe("handle", "The agent; default: yourself (--agent, or the token's holder)").Handle(optional: true);
        const string Means = "Show messages by priority and age, work, and what is set aside. Fetching your own inbox begins your turn and confirms halts";
        return verbs.Make("inbox", Means, [handle], async (line, cancel) =>
            Of(line, line.Maybe(handle)) is { } who
                ? await line.GetAsync($"/api/agents/{who}/inbox", answer => Show(line, answer.Read<InboxView>()), cancel)
                : line.NamesCaller ? await line.ToolAsync("inbox", [], answer => Show(line, answer.Read<InboxView>()), cancel)
                : line.Fail(ExitCodes.Usage, "Give a handle, or say who you are with --agent or INCIDENT_AGENT."));
    }

    public static Command Agent(Verbs verbs)
    {
        var handle = Given.Maybe("handle", "The agent; default: yourself (--agent)").Handle(optional: true);
        return verbs.Make("agent", "Show one agent: roles, work, and the halts that cover it", [handle], async (line, cancel) =>
            Of(line, line.Maybe(handle)) is { } who
                ? await line.GetAsync($"/api/agents/{who}", answer => Show(line, answer.Read<AgentView>()), cancel)
                : line.Fail(ExitCodes.Usage, "Give a handle, or name yourself with --agent or INCIDENT_AGENT. A token alone does not name you here."));
    }

    private static string? Of(Line line, string? given) => given is not null ? Handle.Normalize(given) : line.Agent;

    private static void Show(Line line, InboxView inbox)
    {
        var now = line.Terminal.Now;
        foreach (var halt in inbox.Halts) line.Screen.MarkupLine(HaltText.Notice(halt, now));
        if (!inbox.Resumed.IsEmpty) line.Screen.MarkupLineInterpolated($"[green]resumed, in this order:[/] {string.Join(", ", inbox.Resumed)}");
        foreach (var sentence in inbox.Briefing.SelectMany(briefing => briefing.Sentences())) line.Screen.MarkupLineInterpolated($"{sentence}");
        if (inbox.Messages.IsEmpty)
        {
            line.Screen.MarkupLineInterpolated($"No open messages for {inbox.Agent}.");
        }
        else
        {
            var table = new ListTable("prio", "id", "from", "type", "sent", "subject", "");
            foreach (var message in inbox.Messages)
            {
                table.AddRow(
                    Words.Of(message.Priority), Markup.Escape(message.Id), Markup.Escape(message.From), message.Type.ToString(),
                    Ago.Relative(message.SentAt, now), Words.Short(message.Subject, 70), State(message));
            }

            line.Screen.Write(table);
        }

        Work(line, "work", inbox.Work);
        Work(line, "set aside by a halt, in this order", inbox.SetAside);
    }

    private static void Show(Line line, AgentView agent)
    {
        line.Screen.MarkupLine($"[bold]{Markup.Escape(agent.Id)}[/]  {Words.State(agent.Status)}");
        line.Screen.Write(Facts.New()
            .With("roles", Markup.Escape(string.Join(", ", agent.Roles)))
            .With("team", agent.Team is { } team ? Markup.Escape(team) : null)
            .With("known since", agent.RegisteredAt is { } at ? Ago.Both(at, line.Terminal.Now) : "never called yet")
            .With("guarded by", agent.Guards.IsEmpty ? "not guarded: no halt stops what it does outside the journal" : string.Join(", ", agent.Guards))
            .With("turn", agent.TurnEndedBy is { } atp ? $"ended by closing {Markup.Escape(atp)}; fetching the inbox begins the next one" : null));
        foreach (var halt in agent.Halts) line.Screen.MarkupLine(HaltText.Notice(halt, line.Terminal.Now));
        Work(line, "work", agent.Work);
        Work(line, "set aside by a halt, in this order", agent.SetAside);
    }

    private static string State(MessageView message) =>
        message.AckedAt is not null ? "[green]acknowledged[/]" : message.Held ? "[red]held[/]" : message.RequiresAck ? "[yellow]acknowledge[/]" : "";

    private static void Work(Line line, string heading, IReadOnlyCollection<WorkView> work)
    {
        if (work.Count == 0) return;
        line.Screen.WriteLine();
        line.Screen.MarkupLineInterpolated($"[bold]{heading}[/]");
        var grid = new Grid().AddColumns(4);
        foreach (var one in work) grid.AddRow(Markup.Escape(one.Id), Words.Of(one.Priority), Words.State(one.Status), Words.Short(one.Title, 70));
        line.Screen.Write(grid);
    }
}
