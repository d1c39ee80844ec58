using Spectre.Console;

namespace IncidentActors.Cli.Terminals;

/// <summary>A table of names on the left and values on the right; rows without a value are left out.</summary>
internal static class Facts
{
    public static Grid New()
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
}
