using System.Globalization;
using System.Xml.Linq;
using IncidentActors.Core.Metrics;

namespace IncidentActors.Server.Metrics.Plots;

/// <summary>
/// A metric by week as SVG: times as a line, shares and numbers as bars, the target as a dashed line. A bar that misses the target is
/// hollow, one that meets it is full, so that nothing is shown by colour alone.
/// </summary>
internal static class WeeklySvg
{
    private const double Width = 340;
    private const double Height = 170;
    private const double Left = 46;
    private const double Right = 8;
    private const double Top = 16;
    private const double Bottom = 22;
    private const double Floor = Height - Bottom;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static string Draw(WeeklyFigure figure)
    {
        var most = Ceiling(figure);
        var svg = new XElement(
            Svg + "svg", new XAttribute("class", "plot"), new XAttribute("role", "img"), new XAttribute("viewBox", $"0 0 {Text(Width)} {Text(Height)}"),
            new XElement(Svg + "title", $"{figure.Definition.Name} by week"),
            new XElement(Svg + "desc", Description(figure)));
        foreach (var tick in (double[])[0, most / 2, most]) svg.Add(Tick(figure, tick, most));
        svg.Add(figure.Definition.Kind == MetricKind.MeanMinutes ? Line(figure, most) : Bars(figure, most));
        if (figure.Target is { } target) svg.Add(Target(figure, target, most));
        foreach (var place in (int[])[.. new[] { 0, figure.Weeks.Length / 2, figure.Weeks.Length - 1 }.Distinct()])
        {
            var anchor = place == 0 ? "start" : place == figure.Weeks.Length - 1 ? "end" : "middle";
            var x = anchor switch { "start" => Left, "end" => Width - Right, _ => Center(figure, place) };
            svg.Add(Label(figure.Weeks[place].Week, x, Height - 6, anchor));
        }

        return svg.ToString();
    }

    private static string Description(WeeklyFigure figure)
    {
        var known = figure.Weeks.Where(week => week.Value is not null).ToList();
        var target = figure.TargetText is { } text ? $" The target is {text}." : "";
        return known.Count == 0
            ? $"No week has a value.{target}"
            : $"{figure.Text(known[^1].Value)} in {known[^1].Week}; between {figure.Text(known.Min(week => week.Value))} "
                + $"and {figure.Text(known.Max(week => week.Value))} in {known.Count.ToString(CultureInfo.InvariantCulture)} weeks with a value."
                + $"{target} The table says each.";
    }

    /// <summary>The top of the scale: 1, 2 or 5 times a power of ten, above every value and the target; for shares 100 %.</summary>
    private static double Ceiling(WeeklyFigure figure)
    {
        if (figure.Definition.Kind == MetricKind.Share) return 1;
        var most = Math.Max(figure.Weeks.Max(week => week.Value) ?? 0, figure.Target ?? 0);
        if (most <= 0) return figure.Definition.Kind == MetricKind.MeanMinutes ? 10 : 2;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        var top = new[] { 1, 2, 5, 10 }.First(factor => factor * power >= most) * power;
        return figure.Definition.Kind == MetricKind.MeanMinutes ? top : Math.Max(2, top);
    }

    private static XElement Tick(WeeklyFigure figure, double value, double most) => new(
        Svg + "g", new XAttribute("class", "tick"),
        new XElement(
            Svg + "path", new XAttribute("d", $"M{Text(Left)} {Text(Y(value, most))}H{Text(Width - Right)}"), new XAttribute("stroke", "currentColor"),
            new XAttribute("stroke-width", value == 0 ? "1" : "0.3")),
        Label(figure.Text(value), Left - 5, Y(value, most) + 4, "end"));

    private static XElement Target(WeeklyFigure figure, double target, double most) => new(
        Svg + "g", new XAttribute("class", "target"),
        new XElement(
            Svg + "path", new XAttribute("d", $"M{Text(Left)} {Text(Y(target, most))}H{Text(Width - Right)}"), new XAttribute("stroke", "currentColor"),
            new XAttribute("stroke-width", "1.6"), new XAttribute("stroke-dasharray", "6 4")),
        Label($"target {figure.TargetText}", Width - Right, Y(target, most) - 4, "end"));

    private static XElement Bars(WeeklyFigure figure, double most)
    {
        var bars = new XElement(Svg + "g", new XAttribute("class", "bars"));
        var width = Math.Max(1.5, Step(figure) * 0.66);
        for (var place = 0; place < figure.Weeks.Length; place++)
        {
            var week = figure.Weeks[place];
            if (week.Value is not { } value)
            {
                bars.Add(Nothing(figure, place));
                continue;
            }

            var (top, missed) = (Math.Min(Y(value, most), Floor - 2), figure.Misses(value));
            bars.Add(new XElement(
                Svg + "rect", new XAttribute("class", missed ? "missed" : "bar"), new XAttribute("x", Text(Center(figure, place) - width / 2)),
                new XAttribute("y", Text(top)), new XAttribute("width", Text(width)), new XAttribute("height", Text(Floor - top)),
                new XAttribute("fill", missed ? "none" : "currentColor"), new XAttribute("stroke", "currentColor"), new XAttribute("stroke-width", "1.2"),
                new XElement(Svg + "title", Sentence(figure, week))));
        }

        return bars;
    }

    private static XElement Line(WeeklyFigure figure, double most)
    {
        var line = new XElement(Svg + "g", new XAttribute("class", "line"));
        var (path, drawn) = ("", false);
        for (var place = 0; place < figure.Weeks.Length; place++)
        {
            var week = figure.Weeks[place];
            if (week.Value is not { } value)
            {
                line.Add(Nothing(figure, place));
                drawn = false;
                continue;
            }

            path += $"{(drawn ? "L" : "M")}{Text(Center(figure, place))} {Text(Y(value, most))}";
            drawn = true;
            line.Add(new XElement(
                Svg + "circle", new XAttribute("cx", Text(Center(figure, place))), new XAttribute("cy", Text(Y(value, most))), new XAttribute("r", "3"),
                new XAttribute("fill", "currentColor"), new XElement(Svg + "title", Sentence(figure, week))));
        }

        if (path.Length > 0)
        {
            line.AddFirst(new XElement(
                Svg + "path",
                new XAttribute("d", path),
                new XAttribute("fill", "none"),
                new XAttribute("stroke", "currentColor"),
                new XAttribute("stroke-width", "1.6")));
        }

        return line;
    }

    private static XElement Nothing(WeeklyFigure figure, int place) => new(
        Svg + "path", new XAttribute("class", "nothing"), new XAttribute("d", $"M{Text(Center(figure, place) - 2)} {Text(Floor - 3)}h4"),
        new XAttribute("stroke", "currentColor"), new XAttribute("stroke-width", "1"));

    private static string Sentence(WeeklyFigure figure, WeekValue week) => $"{week.Week}: {figure.Text(week.Value)}";

    private static double Step(WeeklyFigure figure) => (Width - Left - Right) / figure.Weeks.Length;

    private static double Center(WeeklyFigure figure, int place) => Left + Step(figure) * (place + 0.5);

    private static double Y(double value, double most) => Floor - Math.Clamp(value / most, 0, 1) * (Floor - Top);

    private static XElement Label(string text, double x, double y, string anchor) => new(
        Svg + "text", new XAttribute("x", Text(x)), new XAttribute("y", Text(y)), new XAttribute("font-size", "11"), new XAttribute("text-anchor", anchor),
        new XAttribute("fill", "currentColor"), text);

    private static string Text(double number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);
}
