using System.CommandLine;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using Spectre.Console;

namespace IncidentActors.Cli.Metrics;

/// <summary><c>incident metrics</c>: the figures of SPEC §6 as the server defines them.</summary>
internal static class MetricsVerb
{
    public static Command Make(Verbs verbs) => verbs.Make("metrics", "MTTA, MTTR and the other figures, each with its formula", [], (line, cancel) =>
        line.GetAsync("/api/metrics", answer => Show(line, answer.Json()), cancel));

    private static void Show(Line line, JsonElement answer)
    {
        var table = Tables.List("figure", "value", "target", "what it is");
        var figures = answer.ValueKind == JsonValueKind.Object && answer.Part("metrics") is { } inner ? inner : answer;
        if (figures.Items() is { Length: > 0 } list)
        {
            foreach (var one in list)
                table.AddRow(Words.Text(one.Text("name") ?? one.Text("id")), Value(one.Part("value"), one.Text("unit")), Markup.Escape(one.Text("target") ?? ""), Markup.Escape(one.Text("formula") ?? one.Text("means") ?? ""));
        }
        else if (figures.ValueKind == JsonValueKind.Object)
        {
            foreach (var one in figures.EnumerateObject()) table.AddRow(Markup.Escape(one.Name), Markup.Escape(one.Value.ToString()), "", "");
        }

        line.Screen.Write(table);
    }

    private static string Value(JsonElement? value, string? unit) => value is { } known ? Markup.Escape($"{known} {unit}".TrimEnd()) : "[grey]nothing yet[/]";
}
