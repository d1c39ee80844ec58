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
    private const int MaxEvents = 12;

    private readonly List<JsonElement> events = [];
    private readonly HashSet<string> seen = [];
    private (string Reason, DateTimeOffset At)? lost;

    public required IncidentView Incident { get; set; }
    public IReadOnlyList<AtpView> Atps { get; set; } = [];
    public IReadOnlyList<HaltView> Halts { get; set; } = [];

    public JsonElement? Latest => events.Count == 0 ? null : events[^1];

    /// <summary>Behind the newest known event.</summary>
    public string? Cursor => Latest?.Text("id");

    /// <param name="reason">Why the connection is lost; null if it works again.</param>
    public void Lose(string? reason) => lost = reason is null ? null : (reason, terminal.Now);

    /// <summary>Adds events; false if all of them were already shown.</summary>
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
            new Markup(
                $"[grey]commander[/] {Markup.Escape(Incident.Commander)}   [grey]declared[/] {Ago.Both(Incident.DeclaredAt, now)}   "
                + $"[grey]acknowledged[/] {Reached(Incident.AcknowledgedAt)}   [grey]mitigated[/] {Reached(Incident.MitigatedAt)}   "
                + $"[grey]resolved[/] {Reached(Incident.ResolvedAt)}"),
        };
        rows.AddRange(Halts.Select(
            halt => new Markup(
                $"{HaltText.Heading(halt)}{(halt.LiftedAt is null ? $" [grey]{halt.AgentsConfirmed} of {halt.AgentsCovered} agents confirmed[/]" : "")}")));
        rows.Add(Text.Empty);
        rows.Add(AtpText.List(Atps));
        foreach (var atp in Atps)
        {
            rows.AddRange(atp.Approvals.Where(approval => approval.Status == AtpApprovalStatus.Open).Select(approval => Markup.FromInterpolated(
                $"[bold yellow]{approval.Id} waits for {approval.Role}[/] [grey]({atp.Id} row {approval.Row}; incident approve {approval.Id})[/]")));
        }

        rows.Add(Text.Empty);
        var latest = events.Skip(Math.Max(0, events.Count - MaxEvents)).Select(one => new Markup(EventText.Of(one, now))).ToList();
        if (!terminal.Live) return new Rows([.. rows, .. latest]);

        // A picture higher than the terminal would lose its top, with the incident and its halts: earlier events are dropped instead.
        var state = State(now);
        while (latest.Count > 1 && Lines([.. rows, .. latest, state]) >= terminal.Screen.Profile.Height) latest.RemoveAt(0);
        return new Rows([.. rows, .. latest, state]);
    }

    private Markup State(DateTimeOffset now) => lost is { } since
        ? new Markup(
            $"[bold yellow]CONNECTION LOST {Ago.Relative(since.At, now)}[/], {Markup.Escape(since.Reason)} [grey]What is shown "
            + $"is of {Ago.Clock(since.At, now)}; trying again.[/]")
        : new Markup($"[grey]live, {Ago.Clock(now, now)}; Ctrl-C ends[/]");

    private int Lines(IEnumerable<IRenderable> rows) => Segment.SplitLines(new Rows(rows).GetSegments(terminal.Screen)).Count;

    private string Reached(DateTimeOffset? at) => at is { } reached ? $"[green]after {Ago.Length(reached - Incident.DeclaredAt)}[/]" : "[yellow]not yet[/]";
}
