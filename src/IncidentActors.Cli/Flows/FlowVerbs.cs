using System.CommandLine;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;
using Spectre.Console;

namespace IncidentActors.Cli.Flows;

/// <summary><c>incident flows list | show | check</c>. Shipped flows and flow files are shown and checked without a server.</summary>
internal static class FlowVerbs
{
    public static Command All(Verbs verbs) => Verbs.Group("flows", "The tables that ATPs follow", List(verbs), Show(verbs), Check(verbs));

    private static Command List(Verbs verbs) => verbs.Make("list", "Flows that a server has loaded", [], (line, cancel) =>
        line.GetAsync("/api/flows", answer => FlowText.List(line, answer.Json()), cancel));

    private static Command Show(Verbs verbs)
    {
        var name = Given.Word("name", "A shipped flow, or a flow file", [.. FlowSet.Shipped.Latest.Select(flow => flow.Name)]);
        return verbs.Make("show", "A flow as table and Mermaid diagram; --json asks the server", [name], async (line, cancel) =>
        {
            var wanted = line.Value(name);
            if (line.Json) return await line.GetAsync($"/api/flows/{Uri.EscapeDataString(wanted)}", _ => { }, cancel);
            if (FlowSet.Shipped.Find(wanted) is { } shipped) return FlowText.Show(line, shipped);
            if (!File.Exists(wanted))
            {
                return line.Fail(
                    ExitCodes.NotFound,
                    $"'{wanted}' is neither a shipped flow nor a file; shipped flows: {string.Join(", ", FlowSet.Shipped.Latest.Select(flow => flow.Name))}.");
            }

            var (flow, problems) = FlowFiles.Read([wanted]);
            foreach (var problem in problems) line.Terminal.Errors.WriteLine(problem.ToString());
            return flow is [var one] ? FlowText.Show(line, one) : ExitCodes.Refused;
        });
    }

    private static Command Check(Verbs verbs)
    {
        var files = new Argument<string[]>("file") { Description = "Flow files (YAML)", Arity = ArgumentArity.OneOrMore };
        var roster = Given.Text("--roster", "The roster with the roles that flows may name, as the server's --roster; default: the shipped one");
        return verbs.Make("check", "Say what is wrong with flow files, as file:line:col: rule: reason; works offline", [files, roster], (line, _) =>
        {
            var given = line.Value(files)!;
            if (given.FirstOrDefault(file => !File.Exists(file)) is { } missing)
                return Task.FromResult(line.Fail(ExitCodes.NotFound, $"There is no file {missing}."));
            Roster? members = null;
            try
            {
                if (line.Value(roster) is { } path) members = RosterYaml.Parse(File.ReadAllText(path), path);
            }
            catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
            {
                return Task.FromResult(line.Fail(ExitCodes.Refused, error.Message));
            }

            var (flows, problems) = FlowFiles.Read(given, members);
            var exit = problems.IsEmpty ? ExitCodes.Ok : ExitCodes.Refused;
            if (line.Json)
            {
                var found = new JsonObject { ["flows"] = JsonParts.Array(flows.Select(flow => flow.Name)), ["problems"] = Json(problems) };
                line.PrintJson(found.ToJsonString());
                return Task.FromResult(exit);
            }

            foreach (var problem in problems) line.Terminal.Out.WriteLine(problem.ToString());
            if (exit != ExitCodes.Ok) return Task.FromResult(exit);
            foreach (var flow in flows)
                line.Terminal.Errors.MarkupLineInterpolated($"[green]ok[/] {flow.Name} version {flow.Version}, {flow.Rows.Length} rows");
            return Task.FromResult(exit);
        });
    }

    private static JsonArray Json(IEnumerable<FlowProblem> problems) =>
    [
        .. problems.Select(one => (JsonNode)JsonParts.Body(
            ("file", one.File), ("line", one.Line), ("column", one.Column), ("rule", one.Rule), ("reason", one.Reason))),
    ];
}
