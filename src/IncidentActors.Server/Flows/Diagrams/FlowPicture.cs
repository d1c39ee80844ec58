using System.Runtime.CompilerServices;
using IncidentActors.Core.Flows;

namespace IncidentActors.Server.Flows.Diagrams;

/// <summary>A flow's graph with its boxes in their places. Made once for each flow: its ATPs do not change the layout.</summary>
internal sealed record FlowPicture(FlowGraph Graph, Layout Layout)
{
    public const double StateTextSize = 14;
    public const double LineHeight = 16;
    public const double SignWidth = 16;

    private const double StateHeight = 46;
    private const double StandingWidth = 84;
    private const double Padding = 12;

    private static readonly ConditionalWeakTable<Flow, FlowPicture> Whole = [];
    private static readonly ConditionalWeakTable<Flow, FlowPicture> Compact = [];

    public static FlowPicture Of(Flow flow, bool compact) =>
        (compact ? Compact : Whole).GetValue(flow, one => Draw(FlowGraph.Of(one, compact)));

    private static FlowPicture Draw(FlowGraph graph) => new(graph, LayeredLayout.Of([.. graph.Nodes.Select(SizeOf)], graph.Links, graph.Spine));

    private static Size SizeOf(FlowNode node)
    {
        if (node.Kind == FlowNodeKind.State)
            return new Size(Even(Math.Max(TextWidth.Of(node.Heading, StateTextSize, bold: true), StandingWidth) + 2 * Padding), StateHeight);
        var signs = node.Marks.Where(mark => mark.Text.Length == 0).Sum(_ => SignWidth);
        var marks = node.Marks.Where(mark => mark.Text.Length > 0).ToList();
        var widest = node.Lines.Select(line => TextWidth.Of(line, FlowGraph.TextSize))
            .Concat(marks.Select(mark => SignWidth + TextWidth.Of(mark.Text, FlowGraph.TextSize)))
            .Append(TextWidth.Of(node.Heading, FlowGraph.TextSize, bold: true) + signs).Max();
        return new Size(Even(widest + 2 * Padding), LineHeight * (1 + node.Lines.Length + marks.Count) + Padding);
    }

    private static double Even(double length) => 2 * Math.Ceiling(length / 2);
}
