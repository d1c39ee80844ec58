using Spectre.Console;
using Spectre.Console.Rendering;

namespace IncidentActors.Cli.Terminals;

/// <summary>
/// How lists look everywhere: no frame, one line under the headings, two blanks between columns. Words are not broken, so that an id can be
/// taken from it; without room for that, each entry is printed separately, one line for each of its parts.
/// </summary>
internal sealed class ListTable(params string[] headings) : Renderable
{
    private const int Gap = 2;

    /// <summary>A heading may be cut to this width if its column is not wider.</summary>
    private const int MinHeadingWidth = 5;

    /// <summary>What the last column, the longest text, has at least; and what it should have.</summary>
    private const int MinTextWidth = 16, PreferredTextWidth = 24;

    private readonly List<string[]> rows = [];

    public void AddRow(params string[] cells) => rows.Add(cells);

    protected override Measurement Measure(RenderOptions options, int maxWidth) => ((IRenderable)Shown(options, maxWidth)).Measure(options, maxWidth);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // A table takes each border for one wide, though these have no width.
        var borders = headings.Length + 1;
        var lines = Segment.SplitLines(Shown(options, maxWidth).Render(options, Widths(options, maxWidth) is null ? maxWidth : maxWidth + borders));
        foreach (var line in lines.Where(line => line.Any(segment => !string.IsNullOrWhiteSpace(segment.Text))))
        {
            // Blanks at the end of a line would only be carried into files and mails.
            foreach (var segment in line.Take(line.FindLastIndex(segment => !string.IsNullOrWhiteSpace(segment.Text)) + 1)) yield return segment;
            yield return Segment.LineBreak;
        }
    }

    private IRenderable Shown(RenderOptions options, int maxWidth) =>
        rows.Count == 0 ? new Markup("None.") : Widths(options, maxWidth) is { } widths ? Table(widths) : Entries();

    private Table Table(int[] widths)
    {
        var table = new Table().Border(new Ruled()).NoSafeBorder().BorderColor(Color.Grey);
        foreach (var (heading, width) in headings.Zip(widths))
        {
            var shown = heading.Length > width ? $"{heading[..(width - 1)]}…" : heading;
            table.AddColumn(new TableColumn($"[bold]{shown}[/]") { Padding = new Padding(0, 0, Gap, 0), Width = width });
        }

        table.Columns[^1].Padding = new Padding(0);
        foreach (var row in rows) table.AddRow(row);
        return table;
    }

    private Rows Entries() => new(rows.Select(row =>
    {
        var facts = Facts.New();
        foreach (var (heading, cell) in headings.Zip(row).Skip(1)) facts.With(heading, cell);
        return new Rows(new Markup($"[bold underline]{row[0]}[/]"), facts);
    }));

    /// <summary>Columns as wide as their texts, the widest made narrower until they fit; null: not without breaking words.</summary>
    private int[]? Widths(RenderOptions options, int maxWidth)
    {
        Measurement Needs(string cell) => ((IRenderable)new Markup(cell)).Measure(options, int.MaxValue);
        var columns = headings.Select((heading, column) => (Heading: heading.Length, Cells: rows.Select(row => Needs(row[column])).ToList())).ToList();
        var least = columns.Select(column => column.Cells.Select(cell => cell.Min).Append(Math.Min(column.Heading, MinHeadingWidth)).Max()).ToArray();
        var widths = columns.Select(column => column.Cells.Select(cell => cell.Max).Append(column.Heading).Max()).ToArray();
        var room = maxWidth - (Gap * (widths.Length - 1));
        return Narrowed([.. least[..^1], Math.Min(widths[^1], PreferredTextWidth)], widths, room)
            ?? Narrowed([.. least[..^1], Math.Min(least[^1], MinTextWidth)], widths, room);
    }

    private static int[]? Narrowed(int[] least, int[] most, int room)
    {
        if (least.Sum() > room) return null;
        int[] widths = [.. most];
        while (widths.Sum() > room)
        {
            var widest = Enumerable.Range(0, widths.Length).Where(column => widths[column] > least[column]).MaxBy(column => widths[column]);
            widths[widest]--;
        }

        return widths;
    }

    private sealed class Ruled : TableBorder
    {
        public override string GetPart(TableBorderPart part) => part is TableBorderPart.HeaderBottom ? "─" : "";
    }
}
