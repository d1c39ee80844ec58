using System.Collections.Immutable;
using System.Globalization;
using IncidentActors.Core.Flows;

namespace IncidentActors.Server.Flows.Diagrams;

internal enum FlowNodeKind
{
    /// <summary><c>(alert)</c> or <c>(new)</c>.</summary>
    Start,
    State,
    Row,

    /// <summary>The result of a row when its approval is rejected.</summary>
    Rejection,

    /// <summary>The ATP that a <c>(post)</c> row creates.</summary>
    FollowUp,
}

/// <summary>A box of a flow's diagram.</summary>
/// <param name="Key">A state's name, or a row's number.</param>
/// <param name="Heading">Its first line.</param>
/// <param name="Lines">The text lines under it.</param>
/// <param name="Marks">What the row needs, each with its sign.</param>
internal sealed record FlowNode(
    FlowNodeKind Kind, string Key, string Heading, ImmutableArray<string> Lines, ImmutableArray<FlowMark> Marks, FlowRow? Row, FlowState? State);

internal enum FlowSign
{
    None,
    Gate,
    Approval,
    Artifact,
    Branch,
    Told,
    Rollback,
}

/// <param name="Text">Empty for the sign alone, next to the heading.</param>
internal readonly record struct FlowMark(FlowSign Sign, string Text);

/// <summary>A flow as a graph: states and rows are both nodes, as in a Petri net, so that a row's label has its own place.</summary>
/// <param name="Spine">Nodes of the way on which nothing goes wrong: out of each state the first row that leads on.</param>
internal sealed record FlowGraph(ImmutableArray<FlowNode> Nodes, ImmutableArray<Link> Links, ImmutableHashSet<int> Spine)
{
    public const double TextSize = 12;
    public const double LabelWidth = 150;

    private const int MaxLines = 4;
    /// <param name="compact">Rows show their number and role only.</param>
    public static FlowGraph Of(Flow flow, bool compact)
    {
        var nodes = new List<FlowNode>();
        var links = new List<Link>();
        var states = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var from in flow.Rows.Where(row => row.IsStart).Select(row => row.From).Distinct())
            states[from] = Add(new FlowNode(FlowNodeKind.Start, from, from, [], [], null, null));
        foreach (var state in flow.States) states[state.Name] = Add(new FlowNode(FlowNodeKind.State, state.Name, state.Name, [], [], null, state));
        foreach (var row in flow.Rows)
        {
            if (row.Emits.FollowUp is { } followUp)
            {
                FollowUp(row, followUp);
                continue;
            }

            var node = Add(FlowLabels.Row(row, compact));
            links.Add(new Link(states[row.From], node));
            links.Add(new Link(node, states[row.To]));
            if (row.Requires.Approval is not { RejectTo: { } back } approval) continue;
            var rejection = Add(FlowLabels.Rejection(row, approval));
            links.Add(new Link(states[row.From], rejection));
            links.Add(new Link(rejection, states[back]));
        }

        return new FlowGraph([.. nodes], [.. links], SpineOf(flow, nodes, states));

        int Add(FlowNode node)
        {
            nodes.Add(node);
            return nodes.Count - 1;
        }

        void FollowUp(FlowRow row, RowFollowUp followUp)
        {
            var node = Add(FlowLabels.Row(row, compact));
            foreach (var state in flow.States.Where(state => state.Terminal && (followUp.After ?? state.Name) == state.Name))
                links.Add(new Link(states[state.Name], node));
            var created = Add(FlowLabels.FollowUp(row, followUp));
            links.Add(new Link(node, created));
        }
    }

    private static ImmutableHashSet<int> SpineOf(Flow flow, List<FlowNode> nodes, Dictionary<string, int> states)
    {
        var spine = ImmutableHashSet.CreateBuilder<int>();
        var next = flow.Rows.FirstOrDefault(row => row.IsStart);
        while (next is { } row && spine.Add(states[row.From]))
        {
            spine.Add(nodes.FindIndex(node => node.Kind == FlowNodeKind.Row && node.Row == row));
            next = flow.Rows.FirstOrDefault(other => other.From == row.To && other.To != other.From);
            if (next is null) spine.Add(states[row.To]);
        }

        return spine.ToImmutable();
    }

    public static ImmutableArray<string> Wrapped(string text) => TextWidth.Wrap(text, TextSize, LabelWidth, MaxLines);

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
