using System.Text.Json;
using IncidentActors.Cli.Atps;
using IncidentActors.Cli.Events;
using IncidentActors.Cli.Halts;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Incidents;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IncidentActors.Cli.Watching;

/// <summary>What is known of a watched incident, and its picture.</summary>
internal sealed class WatchBoard(Terminal terminal)
{
    private const int MostEvents = 12;

    private readonly List<JsonElement> events = [];
    private readonly HashSet<string> seen = [];

    public required IncidentView Incident { get; set; }
    public IReadOnlyList<AtpView> Atps { get; set; } = [];
    public IReadOnlyList<HaltView> Halts { get; set; } = [];

    /// <summary>Why the connection is lost, or null: it works.</summary>
    public string? Lost { get; set; }

    public JsonElement? Latest => events.Count == 0 ? null : events[^1];

    /// <summary>Behind the newest known event.</summary>
    public string? Cursor => Latest?.Text("id");

    /// <summary>False: every one of them was known.</summary>
    public bool Add(IReadOnlyList<JsonElement> more)
    {
        var fresh = more.Where(one => seen.Add(one.Text("id") ?? one.GetRawText())).ToList();
        events.AddRange(fresh);
        return fresh.Count > 0;
    }

    public IRenderable Draw()
    {
        var now = terminal.Now;
        var rows = new List<IRenderable>
        {
            new Markup(IncidentText.Heading(Incident)),
            new Markup($"[grey]commander[/] {Markup.Escape(Incident.Commander)}   [grey]declared[/] {Ago.Both(Incident.DeclaredAt, now)}   [grey]acknowledged[/] {Reached(Incident.AcknowledgedAt)}   [grey]mitigated[/] {Reached(Incident.MitigatedAt)}   [grey]resolved[/] {Reached(Incident.ResolvedAt)}"),
        };
        rows.AddRange(Halts.Select(halt => new Markup($"{HaltText.Heading(halt)} [grey]{halt.AgentsConfirmed} of {halt.AgentsCovered} agents confirmed[/]")));
        rows.Add(Text.Empty);
        rows.Add(AtpText.List(Atps));
        rows.Add(Text.Empty);
        rows.AddRange(events.Skip(Math.Max(0, events.Count - MostEvents)).Select(one => new Markup(EventText.Of(one, now)) { Overflow = Overflow.Ellipsis }));
        if (terminal.Live) rows.Add(Lost is null ? new Markup($"[grey]live; as of {Ago.Clock(now, now)}[/]") : new Markup($"[bold yellow]CONNECTION LOST[/] {Markup.Escape(Lost)} [grey]what is shown is of {Ago.Clock(now, now)} or older; trying again[/]"));
        return new Rows(rows);
    }

    private string Reached(DateTimeOffset? at) => at is { } reached ? $"[green]after {Ago.Length(reached - Incident.DeclaredAt)}[/]" : "[yellow]not yet[/]";
}
