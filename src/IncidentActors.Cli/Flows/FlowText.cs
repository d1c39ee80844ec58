using System.Globalization;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Flows;
using Spectre.Console;

namespace IncidentActors.Cli.Flows;

/// <summary>Flows on the terminal.</summary>
internal static class FlowText
{
    /// <summary>On a terminal the table is fitted to its width; elsewhere it is plain text. Then the diagram.</summary>
    public static int Show(Line line, Flow flow)
    {
        line.Screen.MarkupLineInterpolated($"[bold]{flow.Name}[/] version {flow.Version}: {flow.Title}{(flow.Source is { } source ? $" ({source})" : "")}");
        line.Screen.MarkupLine(About(flow));
        line.Screen.WriteLine();
        if (line.Terminal.Live) line.Screen.Write(Table(flow));
        else line.Terminal.Out.Write(FlowTable.Text(flow));
        if (!flow.Gates.IsEmpty)
        {
            line.Screen.WriteLine();
            foreach (var gate in flow.Gates) line.Screen.MarkupLineInterpolated($"gate [bold]{gate.Id}[/]: {gate.Question}");
        }

        line.Screen.WriteLine();
        line.Terminal.Out.WriteLine("```mermaid");
        line.Terminal.Out.Write(FlowMermaid.Diagram(flow));
        line.Terminal.Out.WriteLine("```");
        return ExitCodes.Ok;
    }

    public static void List(Line line, JsonElement page)
    {
        var table = new ListTable("name", "version", "urgent", "title");
        foreach (var flow in page.Items())
        {
            table.AddRow(
                Words.Text(flow.Text("name")), Words.Text(flow.Text("version")), flow.Part("urgent")?.ValueKind == JsonValueKind.True ? "[red]urgent[/]" : "",
                Words.Text(flow.Text("title")));
        }

        line.Screen.Write(table);
    }

    private static string About(Flow flow)
    {
        var facts = new List<string> { $"priority {flow.Priority}", string.Create(CultureInfo.InvariantCulture, $"{flow.Rows.Length} rows") };
        if (flow.Urgent) facts.Add("[red]urgent: bypasses the queue[/]");
        if (flow.Halts is { } halts) facts.Add($"[red]halts {Markup.Escape(halts)}[/]");
        if (!flow.Keywords.IsEmpty) facts.Add($"chosen by: {Markup.Escape(string.Join(", ", flow.Keywords))}");
        return string.Join("; ", facts);
    }

    private static ListTable Table(Flow flow)
    {
        var table = new ListTable([.. FlowTable.Columns]);
        foreach (var row in FlowTable.Rows(flow)) table.AddRow([.. row.Select(Markup.Escape)]);
        return table;
    }
}
