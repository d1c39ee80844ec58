using Spectre.Console;

namespace IncidentActors.Cli.Terminals;

/// <summary>How lists and details look everywhere: no frames, one line under the headings, two blanks between columns.</summary>
internal static class Tables
{
    public static Table List(params ReadOnlySpan<string> headings)
    {
        var table = new Table().Border(new Ruled()).NoSafeBorder();
        table.BorderStyle = new Style(Color.Grey);
        foreach (var heading in headings) table.AddColumn(new TableColumn($"[bold]{heading}[/]") { Padding = new Padding(0, 0, 2, 0) });
        if (table.Columns.Count > 0) table.Columns[^1].Padding = new Padding(0);
        return table;
    }

    public static Grid Details()
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0) });
        return grid;
    }

    public static Grid With(this Grid grid, string name, string? markup)
    {
        if (!string.IsNullOrEmpty(markup)) grid.AddRow($"[grey]{name}[/]", markup);
        return grid;
    }

    private sealed class Ruled : TableBorder
    {
        public override string GetPart(Spectre.Console.Rendering.TableBorderPart part) => part switch
        {
            Spectre.Console.Rendering.TableBorderPart.HeaderBottom => "─",
            Spectre.Console.Rendering.TableBorderPart.HeaderBottomSeparator => "─",
            _ => "",
        };
    }
}
