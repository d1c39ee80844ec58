using Spectre.Console;

namespace IncidentActors.Cli.Terminals;

/// <summary>How one thing is shown everywhere: names on the left, what is known on the right; what is not known is left out.</summary>
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
