using System.CommandLine;
using IncidentActors.Cli.Events;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using Spectre.Console;
using System.Text.Json;

namespace IncidentActors.Cli.Incidents;

/// <summary><c>incident list | show</c>.</summary>
internal static class QueryVerbs
{
    public static Command List(Verbs verbs)
    {
        string[] statuses = ["open", .. Enum.GetValues<IncidentStatus>().Select(one => one.Name())];
        var status = Given.Text("--status", $"Only these: {string.Join(", ", statuses)}", statuses).OneOf(statuses);
        var severity = Given.Text("--severity", "Only this severity", "SEV-1", "SEV-2", "SEV-3", "SEV-4").Severity();
        var cursor = Given.Text("--cursor", "Where the page before ended");
        return verbs.Make("list", "Incidents, the worst and newest first", [status, severity, cursor], async (line, cancel) =>
        {
            var query = Paths.Query(("status", line.Value(status)), ("severity", line.Value(severity)), ("cursor", line.Value(cursor)));
            return await line.GetAsync($"/api/incidents{query}", answer => Listed(line, answer.Json()), cancel);
        });
    }

    public static Command Show(Verbs verbs)
    {
        var id = Given.Id("id", "INC-…");
        var timeline = new Option<int>("--timeline") { Description = "How many of the latest timeline entries", DefaultValueFactory = _ => 10 };
        return verbs.Make("show", "One incident and the end of its timeline", [id, timeline], async (line, cancel) =>
        {
            var path = $"/api/incidents/{Uri.EscapeDataString(line.Value(id))}";
            IncidentView? incident = null;
            var exit = await line.GetAsync(path, answer => IncidentText.Details(line, incident = answer.Read<IncidentView>()), cancel);
            if (incident is null) return exit;
            await IncidentHalts.ShowAsync(line, incident, cancel);
            if (line.Value(timeline) < 1) return exit;
            var (events, refusal) = await TimelinePages.ReadAsync(line.Server, line.Value(id), null, cancel);
            if (refusal is not null) return line.Refused(refusal);
            line.Screen.WriteLine();
            EventText.Timeline(line, events, line.Value(timeline));
            return ExitCodes.Ok;
        });
    }

    private static void Listed(Line line, JsonElement page)
    {
        var incidents = page.Items().Select(one => one.Deserialize<IncidentView>(CoreJson.Options)!).ToList();
        if (incidents.Count == 0) line.Screen.MarkupLine("[green]No incidents.[/]");
        else line.Screen.Write(IncidentText.List(incidents, line.Terminal.Now));
        if (page.Text("next") is { } next) line.Screen.MarkupLineInterpolated($"[grey]More: --cursor {next}[/]");
    }
}
