using Spectre.Console;
using Spectre.Console.Rendering;

namespace IncidentActors.Cli.Terminals;

/// <summary>How lists look everywhere: no frame, one line under the headings, two blanks between columns.</summary>
internal sealed class ListTable : Renderable
{
    private readonly Table table = new Table().Border(new Ruled()).NoSafeBorder().BorderColor(Color.Grey);

    public ListTable(params ReadOnlySpan<string> headings)
    {
        foreach (var heading in headings) table.AddColumn(new TableColumn($"[bold]{heading}[/]") { Padding = new Padding(0, 0, 2, 0) });
        table.Columns[^1].Padding = new Padding(0);
    }

    public void AddRow(params string[] cells) => table.AddRow(cells);

    protected override Measurement Measure(RenderOptions options, int maxWidth) => ((IRenderable)table).Measure(options, maxWidth);

    /// <summary>Without the lines that a frame would take above and below.</summary>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var lines = Segment.SplitLines(((IRenderable)table).Render(options, maxWidth));
        foreach (var line in lines.Where(line => line.Any(segment => !string.IsNullOrWhiteSpace(segment.Text))))
        {
            foreach (var segment in line) yield return segment;
            yield return Segment.LineBreak;
        }
    }

    private sealed class Ruled : TableBorder
    {
        public override string GetPart(TableBorderPart part) => part is TableBorderPart.HeaderBottom or TableBorderPart.HeaderBottomSeparator ? "─" : "";
    }
}
