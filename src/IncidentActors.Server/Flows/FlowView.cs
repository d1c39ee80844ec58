using System.Collections.Immutable;
using System.Xml;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;

namespace IncidentActors.Server.Flows;

/// <summary>A flow as callers see it.</summary>
/// <param name="Mermaid">The flow as a Mermaid state diagram, for one flow; null in the list.</param>
/// <param name="Table">The rows as aligned text, for one flow; null in the list.</param>
public sealed record FlowView(
    string Name, int Version, string Title, string? Source, bool Urgent, int Urgency, Priority Priority, string? Halts,
    ImmutableArray<string> Keywords, ImmutableArray<FlowState> States, ImmutableArray<FlowGate> Gates, ImmutableArray<FlowPhaseView> Phases,
    ImmutableArray<FlowBranch> Branches, ImmutableArray<FlowRowView> Rows, string? Mermaid, string? Table)
{
    public static FlowView Of(Flow flow, bool whole) => new(
        flow.Name, flow.Version, flow.Title, flow.Source, flow.Urgent, flow.Urgency, flow.Priority, flow.Halts, flow.Keywords, flow.States,
        flow.Gates, [.. flow.Phases.Select(phase => new FlowPhaseView(phase.Id, phase.Title, phase.States, XmlConvert.ToString(phase.Within)))],
        flow.Branches, [.. flow.Rows.Zip(FlowTable.Rows(flow), FlowRowView.Of)],
        whole ? FlowMermaid.Diagram(flow) : null, whole ? FlowTable.Text(flow) : null);
}

/// <param name="Within">ISO 8601.</param>
public sealed record FlowPhaseView(string Id, string Title, ImmutableArray<string> States, string Within);

/// <param name="Requires">What must be true before the row is taken, in words.</param>
/// <param name="Owes">What taking it leads to, in words.</param>
/// <param name="Within">ISO 8601, or null.</param>
public sealed record FlowRowView(
    int Number, string From, string To, string Role, string Trigger, ImmutableArray<string> Tools, string Hitl, bool Automatic, bool EndsTurn,
    bool Rollback, ImmutableArray<string> Gates, string Requires, string Owes, string? Within)
{
    private static readonly int RequiresColumn = FlowTable.Columns.IndexOf("Requires");
    private static readonly int OwesColumn = FlowTable.Columns.IndexOf("Owes");

    public static FlowRowView Of(FlowRow row, ImmutableArray<string> cells) => new(
        row.Number, row.From, row.To, row.Role, row.Trigger, row.Tools, row.Hitl.ToString().ToLowerInvariant(), row.Automatic, row.EndsTurn,
        row.Rollback, row.Requires.Gates, cells[RequiresColumn], cells[OwesColumn], row.Within is { } within ? XmlConvert.ToString(within) : null);
}
