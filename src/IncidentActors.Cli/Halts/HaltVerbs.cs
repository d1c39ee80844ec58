using System.CommandLine;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using Spectre.Console;

namespace IncidentActors.Cli.Halts;

/// <summary><c>incident halt SCOPE | halt status | halt ack</c> and <c>incident lift</c>.</summary>
internal static class HaltVerbs
{
    public static Command Halt(Verbs verbs)
    {
        var scope = Given.Word("scope", "all, team:NAME, agent:@HANDLE or atp:AT-…", "all", "team:", "agent:@", "atp:").Scope();
        var reason = Given.Text("--reason", "Why; those who are stopped are told it");
        var incident = Given.Text("--incident", "The incident whose own work goes on");
        IEnumerable<Symbol> parts = [scope, reason, incident, Status(verbs), Acknowledge(verbs)];
        return verbs.Acting("halt", "Stop the work in a scope until it is lifted", parts, async (line, cancel) =>
            await line.PostAsync(
                "/api/halts", JsonParts.Body(("scope", line.Value(scope)), ("reason", line.Value(reason)), ("incident", line.Value(incident))),
                answer => HaltText.Details(line, answer.Read<HaltView>()), cancel))
            .With(parsed => parsed.GetValue(reason) is { Length: > 0 } ? null : "--reason is missing: those who are stopped are told it.");
    }

    public static Command Lift(Verbs verbs)
    {
        var id = Given.Id("id", "HLT-…");
        var scope = Given.Text("--scope", "Only this part of it").Scope();
        var notes = Given.Text("--notes", "What you say with it");
        return verbs.Acting("lift", "Lift a halt, whole or scope by scope; set-aside work is found again in its order", [id, scope, notes], (line, cancel) =>
            line.PostAsync(
                $"/api/halts/{Uri.EscapeDataString(line.Value(id))}/lift", JsonParts.Body(("scope", line.Value(scope)), ("notes", line.Value(notes))),
                answer => HaltText.Details(line, answer.Read<HaltView>()), cancel));
    }

    private static Command Status(Verbs verbs)
    {
        var id = Given.Maybe("id", "HLT-…; without it all that are active");
        return verbs.Make("status", "Halts: fenced, and which nodes and agents have confirmed", [id], async (line, cancel) =>
        {
            var wanted = line.Maybe(id);
            return wanted is null
                ? await line.GetAsync("/api/halts?state=active", answer => Listed(line, Read(answer.Json())), cancel)
                : await line.GetAsync($"/api/halts/{Uri.EscapeDataString(wanted)}", answer => HaltText.Details(line, answer.Read<HaltView>()), cancel);
        });
    }

    private static Command Acknowledge(Verbs verbs)
    {
        var id = Given.Id("id", "HLT-…");
        var notes = Given.Text("--notes", "What you say with it");
        return verbs.Acting("ack", "Say that you know of the halt and have stopped", [id, notes], (line, cancel) =>
            line.PostAsync(
                $"/api/halts/{Uri.EscapeDataString(line.Value(id))}/ack", JsonParts.Body(("notes", line.Value(notes))),
                _ => line.Screen.MarkupLineInterpolated($"{line.Value(id)} [green]confirmed[/] by {line.Agent ?? "you"}"), cancel));
    }

    private static List<HaltView> Read(JsonElement page) => [.. page.Items().Select(one => one.Deserialize<HaltView>(CoreJson.Options)!)];

    private static void Listed(Line line, List<HaltView> halts)
    {
        if (halts.Count == 0) line.Screen.MarkupLine("[green]Nothing is halted.[/]");
        else if (halts is [var only]) HaltText.Details(line, only);
        else line.Screen.Write(HaltText.List(halts, line.Terminal.Now));
    }
}
