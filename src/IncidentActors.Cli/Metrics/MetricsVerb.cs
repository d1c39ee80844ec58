using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using Spectre.Console;

namespace IncidentActors.Cli.Metrics;

/// <summary><c>incident metrics</c>: the figures of SPEC §6 as the server defines and computes them.</summary>
internal static class MetricsVerb
{
    public static Command Make(Verbs verbs) => verbs.Make("metrics", "MTTA, MTTR and the other figures, each with its formula", [], (line, cancel) =>
        line.GetAsync("/api/metrics", answer => Show(line, answer.Json()), cancel));

    private static void Show(Line line, JsonElement report)
    {
        var facts = Facts.New();
        foreach (var one in report.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.Number))
            facts.With(Markup.Escape(one.Name), one.Value.ToString());
        line.Screen.Write(facts);
        if (report.List("metrics").ToList() is not { Count: > 0 } metrics) return;
        var table = new ListTable("figure", "value", "target", "of", "formula");
        foreach (var one in metrics)
        {
            table.AddRow(
                Words.Text(one.Text("name")), Value(one.Part("value"), one.Text("unit")), Target(one), Words.Text(one.Text("samples")), Words.Text(one.Text("formula")));
        }

        line.Screen.Write(table);
    }

    private static string Value(JsonElement? value, string? unit)
    {
        if (value is not { } known) return "[grey]nothing yet[/]";
        var number = known.GetDouble();
        return Markup.Escape(unit switch
        {
            "share" => string.Create(CultureInfo.InvariantCulture, $"{number * 100:0.#} %"),
            "min" or "minutes" => string.Create(CultureInfo.InvariantCulture, $"{number:0.#} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{number:0.##} {unit}").TrimEnd(),
        });
    }

    private static string Target(JsonElement one) => one.Part("target") is { } target
        ? $"{Value(target, one.Text("unit"))}{(one.Part("met") is { } met ? met.GetBoolean() ? " [green]met[/]" : " [red]missed[/]" : "")}"
        : "";
}
