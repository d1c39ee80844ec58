using System.CommandLine;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using Spectre.Console;

namespace IncidentActors.Cli.Tools;

/// <summary><c>incident tools</c>: what agents can call; the schemas are in <c>--json</c>.</summary>
internal static class ToolsVerb
{
    public static Command Make(Verbs verbs) => verbs.Make("tools", "The tools that agents call, with their arguments", [], (line, cancel) =>
        line.GetAsync("/api/tools", answer => Show(line, answer.Json()), cancel));

    private static void Show(Line line, JsonElement answer)
    {
        var table = new ListTable("tool", "arguments", "does");
        foreach (var tool in answer.Items()) table.AddRow(Words.Text(tool.Text("name")), Markup.Escape(Arguments(tool)), Words.Text(tool.Text("description")));
        line.Screen.Write(table);
    }

    /// <summary>Required ones as they are, the others with a question mark.</summary>
    private static string Arguments(JsonElement tool)
    {
        if ((tool.Part("inputSchema") ?? tool.Part("schema")) is not { } schema || schema.Part("properties") is not { } properties) return "";
        var required = schema.List("required").Select(one => one.GetString()).ToHashSet();
        return string.Join(", ", properties.EnumerateObject().Select(property => required.Contains(property.Name) ? property.Name : $"{property.Name}?"));
    }
}
