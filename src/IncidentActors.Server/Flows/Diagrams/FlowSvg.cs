using System.Globalization;
using System.Xml.Linq;
using IncidentActors.Core.Flows;

namespace IncidentActors.Server.Flows.Diagrams;

/// <summary>
/// A flow as SVG, drawn from its table. Colours come from the page (<c>currentColor</c>, classes); what matters is shown by shape and
/// words: a state with ATPs has a thick edge and a label, a final state a double one, an arrow back is dashed.
/// </summary>
internal static class FlowSvg
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <param name="compact">Rows show number, role and signs only.</param>
    public static string Draw(Flow flow, FlowStanding standing, bool compact = false)
    {
        var picture = FlowPicture.Of(flow, compact);
        var (width, height) = (Text(picture.Layout.Width), Text(picture.Layout.Height));
        var svg = new XElement(
            Svg + "svg", new XAttribute("class", compact ? "flow compact" : "flow"), new XAttribute("role", "img"),
            new XAttribute("width", width), new XAttribute("height", height), new XAttribute("viewBox", $"0 0 {width} {height}"),
            new XElement(Svg + "title", TextWidth.Printable(Title(flow, standing))),
            new XElement(Svg + "desc", TextWidth.Printable(Description(flow, standing))));
        foreach (var route in picture.Layout.Routes) svg.Add(Arrow(picture, route, standing));
        for (var node = 0; node < picture.Graph.Nodes.Length; node++)
            svg.Add(Box(picture.Graph.Nodes[node], picture.Layout.Boxes[node], standing));
        return svg.ToString();
    }

    private static string Title(Flow flow, FlowStanding standing) =>
        $"The flow {flow.Name}, version {FlowGraph.Number(flow.Version)}" + (standing.Single ? $", now in {standing.Atps.Keys.Single()}" : "");

    private static string Description(Flow flow, FlowStanding standing)
    {
        var counts = standing.Single
            ? []
            : flow.States
                .Where(state => standing.Atps.ContainsKey(state.Name))
                .Select(state => $"{Standing(standing, state.Name)} in {state.Name}.");
        return string.Join(' ', flow.Rows.Where(row => row.Emits.FollowUp is null).Select(FlowLabels.Sentence)
            .Concat(
                flow.Rows
                    .Where(row => row.Emits.FollowUp is not null)
                    .Select(row => $"Row {FlowGraph.Number(row.Number)}: {row.Trigger}; creates a {row.Emits.FollowUp!.Type} ATP."))
            .Concat(counts));
    }

    private static XElement Arrow(FlowPicture picture, Route route, FlowStanding standing)
    {
        var row = (picture.Graph.Nodes[route.Link.From].Row ?? picture.Graph.Nodes[route.Link.To].Row)!;
        var rejection = picture.Graph.Nodes[route.Link.From].Kind == FlowNodeKind.Rejection
            || picture.Graph.Nodes[route.Link.To].Kind == FlowNodeKind.Rejection;
        var taken = !rejection && standing.Taken.Contains(row.Number);
        var points = route.Points;
        var path = $"M{Text(points[0].X)} {Text(points[0].Y)}";
        for (var i = 1; i < points.Length; i++)
        {
            var (from, to) = (points[i - 1], points[i]);
            path += i % 2 == 1 || from.X == to.X
                ? $"V{Text(to.Y)}"
                : $"C{Text(from.X)} {Text((from.Y + to.Y) / 2)} {Text(to.X)} {Text((from.Y + to.Y) / 2)} {Text(to.X)} {Text(to.Y)}";
        }

        var (tip, away) = (points[^1], route.Back ? 7 : -7);
        var arrow = new XElement(
            Svg + "g", new XAttribute("class", $"arrow{(route.Back ? " back" : "")}{(taken ? " taken" : "")}"),
            new XElement(
                Svg + "path", new XAttribute("d", path), new XAttribute("fill", "none"), new XAttribute("stroke", "currentColor"),
                new XAttribute("stroke-width", taken ? "3" : "1.2"), route.Back ? new XAttribute("stroke-dasharray", "5 4") : null),
            new XElement(
                Svg + "path", new XAttribute("d", $"M{Text(tip.X)} {Text(tip.Y)}l-4 {Text(away)}h8z"), new XAttribute("fill", "currentColor")));
        return arrow;
    }

    private static XElement Box(FlowNode node, Rect at, FlowStanding standing) =>
        node.Kind == FlowNodeKind.State ? State(node, at, standing) : Label(node, at, standing);

    private static XElement State(FlowNode node, Rect at, FlowStanding standing)
    {
        var state = node.State!;
        var here = standing.Atps.ContainsKey(state.Name);
        var box = new XElement(Svg + "g", new XAttribute("class", $"state{(state.Terminal ? " final" : "")}{(here ? " here" : "")}"));
        if (state.Means is { } means) box.Add(new XElement(Svg + "title", TextWidth.Printable($"{state.Name}: {means}")));
        box.Add(Frame(at, 0, radius: 6, here ? "3" : "1.4"));
        if (state.Terminal) box.Add(Frame(at, 4, radius: 4, "1"));
        var top = here ? at.Y + 20 : at.Y + at.Height / 2 + 5;
        box.Add(Line(node.Heading, at.CenterX, top, FlowPicture.StateTextSize, "middle", bold: true));
        if (!here) return box;
        var text = Standing(standing, state.Name);
        var left = at.CenterX - (TextWidth.Of(text, FlowGraph.TextSize, bold: true) + 14) / 2;
        box.Add(new XElement(
            Svg + "path",
            new XAttribute("class", "pointer"),
            new XAttribute("d", $"M{Text(left)} {Text(at.Y + 27)}l9 5l-9 5z"),
            new XAttribute("fill", "currentColor")));
        box.Add(Line(text, left + 14, at.Y + 36, FlowGraph.TextSize, "start", bold: true));
        return box;
    }

    private static string Standing(FlowStanding standing, string state) =>
        standing.Single ? "now" : standing.Atps[state] == 1 ? "1 ATP" : $"{FlowGraph.Number(standing.Atps[state])} ATPs";

    private static XElement Label(FlowNode node, Rect at, FlowStanding standing)
    {
        var taken = node.Kind == FlowNodeKind.Row && standing.Taken.Contains(node.Row!.Number);
        var box = new XElement(Svg + "g", new XAttribute("class", $"{node.Kind.ToString().ToLowerInvariant()}{(taken ? " taken" : "")}"));
        if (node.Kind == FlowNodeKind.Row) box.Add(new XElement(Svg + "title", TextWidth.Printable(FlowLabels.Sentence(node.Row!))));
        var frame = Frame(at, 0, node.Kind == FlowNodeKind.FollowUp ? 6 : 12, taken ? "2.4" : "0.8");
        if (node.Kind is FlowNodeKind.FollowUp or FlowNodeKind.Rejection) frame.Add(new XAttribute("stroke-dasharray", "4 3"));
        box.Add(frame);
        var (left, y) = (at.X + 12, at.Y + 18);
        box.Add(Line(node.Heading, left, y, FlowGraph.TextSize, "start", bold: true));
        var x = left + TextWidth.Of(node.Heading, FlowGraph.TextSize, bold: true) + 4;
        foreach (var mark in node.Marks.Where(mark => mark.Text.Length == 0))
        {
            box.Add(FlowSigns.Draw(Svg, mark.Sign, x, y - 10));
            x += FlowPicture.SignWidth;
        }

        foreach (var line in node.Lines) box.Add(Line(line, left, y += FlowPicture.LineHeight, FlowGraph.TextSize, "start"));
        foreach (var mark in node.Marks.Where(mark => mark.Text.Length > 0))
        {
            y += FlowPicture.LineHeight;
            if (mark.Sign != FlowSign.None) box.Add(FlowSigns.Draw(Svg, mark.Sign, left, y - 10));
            box.Add(Line(mark.Text, mark.Sign == FlowSign.None ? left : left + FlowPicture.SignWidth, y, FlowGraph.TextSize, "start"));
        }

        return box;
    }

    private static XElement Frame(Rect at, double inset, double radius, string stroke) => new(
        Svg + "rect", new XAttribute("x", Text(at.X + inset)), new XAttribute("y", Text(at.Y + inset)),
        new XAttribute("width", Text(at.Width - 2 * inset)), new XAttribute("height", Text(at.Height - 2 * inset)), new XAttribute("rx", Text(radius)),
        new XAttribute("fill", "Canvas"), new XAttribute("stroke", "currentColor"), new XAttribute("stroke-width", stroke));

    private static XElement Line(string text, double x, double y, double size, string anchor, bool bold = false) => new(
        Svg + "text", new XAttribute("x", Text(x)), new XAttribute("y", Text(y)), new XAttribute("font-size", Text(size)),
        anchor == "start" ? null : new XAttribute("text-anchor", anchor), bold ? new XAttribute("font-weight", "bold") : null,
        new XAttribute("fill", "currentColor"), TextWidth.Printable(text));

    private static string Text(double number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);
}
