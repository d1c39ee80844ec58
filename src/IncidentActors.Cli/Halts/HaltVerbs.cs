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
        var scope = Given.Word(
            "scope", "all, team:NAME, agent:@HANDLE, atp:AT-…, service:NAME, environment:NAME, action:PATTERN, or several joined by +", "all", "team:",
            "agent:@", "atp:", "service:", "environment:", "action:").Scope();
        var mode = Given.Text("--mode", "all (default), outside, read-only, warn or shadow").OneOf("all", "outside", "read-only", "warn", "shadow");
        var reason = Given.Text("--reason", "Why; it is shown to everybody who is stopped");
        var incident = Given.Text("--incident", "Work on this incident continues");
        var briefing = Given.Text("--briefing", "required: after the lift agents acknowledge what changed before they go on").OneOf("required", "offered");
        IEnumerable<Symbol> parts = [scope, reason, incident, mode, briefing, Status(verbs), Acknowledge(verbs), RehearseVerb.Make(verbs)];
        return verbs.Acting("halt", "Stop the work in a scope until it is lifted", parts, async (line, cancel) =>
            await line.PostAsync(
                "/api/halts",
                JsonParts.Body(
                    ("scope", line.Value(scope)), ("reason", line.Value(reason)), ("incident", line.Value(incident)), ("mode", line.Value(mode)),
                    ("briefing", line.Value(briefing))),
                answer => Raised(line, answer.Read<HaltView>()), cancel))
            .With(parsed => parsed.GetValue(reason) is { Length: > 0 } ? null : "--reason is missing: it is shown to everybody who is stopped.");
    }

    private static void Raised(Line line, HaltView halt)
    {
        HaltText.Details(line, halt);
        if (halt.AgentsCovered == 0 && halt.Scope.Parts.Any(part => part.Kind is HaltScopeKind.Team or HaltScopeKind.Agent))
        {
            line.Terminal.Errors.MarkupLineInterpolated(
                $"[yellow]The halt covers no known agent. Check the spelling of {halt.Scope.ToString()}. To undo it: incident lift {halt.Id}[/]");
        }
    }

    public static Command Lift(Verbs verbs)
    {
        var id = Given.Id("id", "HLT-…");
        var scope = Given.Text("--scope", "Lift only this part of the scope, such as agent:@dev").Scope();
        var reason = Given.Text("--reason", "Why it may be lifted");
        reason.Aliases.Add("--notes");
        return verbs.Acting("lift", "Lift a halt or a part of its scope; set-aside work is resumed in its order", [id, scope, reason], (line, cancel) =>
            line.PostAsync(
                $"/api/halts/{Uri.EscapeDataString(line.Value(id))}/lift", JsonParts.Body(("scope", line.Value(scope)), ("reason", line.Value(reason))),
                answer => HaltText.Details(line, answer.Read<HaltView>()), cancel));
    }

    private static Command Status(Verbs verbs)
    {
        var id = Given.Maybe("id", "HLT-…; without it all that are active");
        var status = verbs.Make("status", "Show active halts, and which nodes and agents have confirmed them", [id], async (line, cancel) =>
        {
            var wanted = line.Maybe(id);
            return wanted is null
                ? await line.GetAsync("/api/halts?state=active", answer => Listed(line, Read(answer.Json())), cancel)
                : await line.GetAsync($"/api/halts/{Uri.EscapeDataString(wanted)}", answer => HaltText.Details(line, answer.Read<HaltView>()), cancel);
        });
        status.Aliases.Add("list");
        return status;
    }

    private static Command Acknowledge(Verbs verbs)
    {
        var id = Given.Id("id", "HLT-…");
        var notes = Given.Text("--notes", "What you say with it");
        const string Means = "Confirm that you have stopped under the halt; after the lift, confirm that you have read what changed";
        return verbs.Acting("ack", Means, [id, notes], (line, cancel) =>
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
