using System.CommandLine;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Routes;
using Spectre.Console;

namespace IncidentActors.Cli.Routes;

/// <summary><c>incident routes show | check | test</c>. The shipped routes are shown and files are checked without a server.</summary>
internal static class RouteVerbs
{
    public static Command All(Verbs verbs) => Verbs.Group("routes", "The rules from alerts to incidents", Show(verbs), Check(verbs), Test(verbs));

    private static Command Show(Verbs verbs)
    {
        const string Means = "The shipped file of routes, to begin your own with; --json asks the server";
        return verbs.Make("show", Means, [], (line, cancel) =>
        {
            if (line.Json) return line.GetAsync("/api/routes", _ => { }, cancel);
            line.Terminal.Out.Write(RoutesYaml.ShippedText());
            return Task.FromResult(ExitCodes.Ok);
        });
    }

    private static Command Check(Verbs verbs)
    {
        var file = Given.Word("file", "A file of routes");
        return verbs.Make("check", "Check a file of routes; every problem with file, line and key", [file], (line, _) =>
        {
            var path = line.Value(file);
            if (!File.Exists(path)) return Task.FromResult(line.Fail(ExitCodes.NotFound, $"There is no file '{path}'."));
            try
            {
                var routes = RoutesYaml.Parse(File.ReadAllText(path), path);
                if (line.Json) line.PrintJson(JsonParts.Body(("rules", routes.Rules.Length), ("conditions", routes.Conditions.Length)).ToJsonString());
                else line.Terminal.Out.WriteLine($"{path}: {routes.Rules.Length} rules, {routes.Conditions.Length} conditions, no problem");
                return Task.FromResult(ExitCodes.Ok);
            }
            catch (FormatException problems)
            {
                line.Terminal.Errors.WriteLine(problems.Message);
                return Task.FromResult(ExitCodes.Refused);
            }
        });
    }

    private static Command Test(Verbs verbs)
    {
        var file = Given.Word("file", "A recorded notification of Alertmanager, Grafana or PagerDuty");
        return verbs.Acting("test", "What the server's routes make of a recorded notification; nothing is declared", [file], (line, cancel) =>
        {
            var path = line.Value(file);
            return File.Exists(path)
                ? line.PostAsync("/api/routes/test", JsonParts.Body(("payload", File.ReadAllText(path))), answer => Tested(line, answer.Json()), cancel)
                : Task.FromResult(line.Fail(ExitCodes.NotFound, $"There is no file '{path}'."));
        });
    }

    private static void Tested(Line line, JsonElement answer)
    {
        var table = new ListTable("alert", "status", "declares", "severity", "category", "condition", "halts", "account");
        foreach (var alert in answer.GetProperty("alerts").EnumerateArray())
        {
            table.AddRow(
                Words.Text(alert.Text("name")), Words.Text(alert.Text("status")), YesNo(alert, "declares"), Words.Text(alert.Text("severity")),
                Words.Text(alert.Text("category")), Words.Text(alert.Text("condition") ?? "-"), YesNo(alert, "halts"), Words.Text(alert.Text("account")));
        }

        line.Screen.Write(table);
        if (answer.Part("cut") is { } cut) line.Screen.WriteLine($"Left out: {string.Join(", ", cut.EnumerateArray().Select(one => one.GetString()))}");
    }

    private static string YesNo(JsonElement alert, string name) => alert.Part(name)?.ValueKind == JsonValueKind.True ? "yes" : "no";
}
