using System.Globalization;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Metrics;
using Spectre.Console;

namespace IncidentActors.Cli.Metrics;

/// <summary>Figures on the terminal: the table of all, and small bar charts of one.</summary>
internal static class MetricsText
{
    private const int Widest = 30;

    /// <summary>Weeks that a chart shows, the latest.</summary>
    private const int Weeks = 12;

    public static void Show(Line line, MetricsReport report, string figure)
    {
        line.Screen.MarkupLineInterpolated($"{report.Incidents} {(report.Incidents == 1 ? "incident" : "incidents")}");
        var table = new ListTable("id", "figure", "value", "target", "of", "formula");
        foreach (var one in report.Metrics)
            table.AddRow(Words.Text(one.Id), Words.Text(one.Name), Value(one.Value, one.Unit), Target(one), Number(one.Samples), Words.Text(one.Formula));
        line.Screen.Write(table);
        if (!report.WrongClocks.IsEmpty)
            line.Screen.MarkupLineInterpolated($"[yellow]In no figure, because their times contradict each other: {string.Join(", ", report.WrongClocks)}[/]");
        if (report.Incidents == 0) return;
        var shown = report.Metrics.First(one => one.Id == figure);
        Chart(line, shown, "by week", report.ByWeek.TakeLast(Weeks));
        Chart(line, shown, "by severity", report.BySeverity);
        Chart(line, shown, "by category", report.ByCategory);
    }

    private static void Chart(Line line, MetricTotal figure, string title, IEnumerable<MetricSlice> slices)
    {
        var bars = slices.Select(slice => (slice.Key, slice.Incidents, slice.Values.FirstOrDefault(value => value.Id == figure.Id)?.Value)).ToList();
        var most = bars.Max(bar => bar.Value) ?? 0;
        line.Screen.WriteLine();
        line.Screen.MarkupLineInterpolated($"[bold]{figure.Name}, {title}[/]");
        var grid = new Grid();
        for (var column = 0; column < 4; column++) grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        foreach (var bar in bars)
            grid.AddRow(Words.Text(bar.Key), $"[grey]{bar.Incidents}[/]", $"[blue]{Bar(bar.Value, most)}[/]", Value(bar.Value, figure.Unit));
        line.Screen.Write(grid);
    }

    /// <summary>Its length is proportional to the greatest value; every value above zero is visible.</summary>
    private static string Bar(double? value, double most) =>
        value is not > 0 || most <= 0 ? "" : new string('█', Math.Max(1, (int)Math.Round(value.Value / most * Widest)));

    private static string Value(double? value, string unit)
    {
        if (value is not { } number) return "[grey]nothing yet[/]";
        return Markup.Escape(unit switch
        {
            "share" => string.Create(CultureInfo.InvariantCulture, $"{number * 100:0.#} %"),
            "min" => string.Create(CultureInfo.InvariantCulture, $"{number:0.#} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{number:0.##} {unit}").TrimEnd(),
        });
    }

    private static string Number(double samples) => samples.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Target(MetricTotal one) =>
        one.Target is null ? "" : $"{Value(one.Target, one.Unit)}{one.Met switch { true => " [green]met[/]", false => " [red]missed[/]", null => "" }}";
}
