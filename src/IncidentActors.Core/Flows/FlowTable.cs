using System.Collections.Immutable;
using System.Globalization;

namespace IncidentActors.Core.Flows;

/// <summary>The rows of a flow as text, for <c>incident flows show</c>. The columns of seed 000's table, then what each row requires and owes.</summary>
public static class FlowTable
{
    public static ImmutableArray<string> Columns { get; } = ["#", "From", "To", "Role", "Trigger", "Tools", "HITL", "Requires", "Owes", "Within"];

    /// <summary>One array per row, as long as <see cref="Columns"/>; a cell without content is empty, never null.</summary>
    public static ImmutableArray<ImmutableArray<string>> Rows(Flow flow) => [.. flow.Rows.Select(Cells)];

    /// <summary>The table with aligned columns, lines ended by <c>\n</c>.</summary>
    public static string Text(Flow flow)
    {
        var lines = Rows(flow).Insert(0, Columns);
        var widths = Columns.Select((_, column) => lines.Max(cells => cells[column].Length)).ToArray();
        return string.Concat(lines.Select(cells =>
            string.Join("  ", cells.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n"));
    }

    private static ImmutableArray<string> Cells(FlowRow row) =>
    [
        row.Number.ToString(CultureInfo.InvariantCulture),
        row.From,
        row.To,
        row.Role,
        row.Trigger,
        row.Automatic ? "(automatic)" : string.Join(", ", row.Tools),
        row.Hitl == RowHitl.None ? "" : row.Hitl.ToString().ToLowerInvariant(),
        string.Join("; ", Required(row.Requires)),
        string.Join("; ", Owed(row)),
        row.Within is { } within ? FlowDuration.Format(within) : "",
    ];

    private static IEnumerable<string> Required(RowRequires requires)
    {
        if (!requires.Severities.IsEmpty) yield return string.Join("/", requires.Severities);
        foreach (var artifact in requires.Artifacts)
            yield return artifact.Type + (artifact.Outcome is { } outcome ? $" {outcome}" : "") + (artifact.By is { } by ? $" by {by}" : "");

        if (!requires.Branches.IsEmpty) yield return $"branch {string.Join(", ", requires.Branches)}";
        if (!requires.Gates.IsEmpty)
            yield return $"gates {string.Join(", ", requires.Gates)}{(requires.GatesVerifiedByTaker ? " (answered yes by the role that takes the row)" : "")}";
        if (requires.Approval is { } approval)
        {
            yield return $"approval by {(approval.Approvers > 1 ? $"{approval.Approvers} of " : "")}{approval.Role}"
                + (approval.SignedInWithin is { } fresh ? $" (signed in within {FlowDuration.Format(fresh)})" : "")
                + $" in {FlowDuration.Format(approval.Within)}, else {approval.OnTimeout.ToString().ToLowerInvariant()}"
                + (approval.RejectTo is { } back ? $", rejected to {back}" : "");
        }
    }

    private static IEnumerable<string> Owed(FlowRow row)
    {
        foreach (var message in row.Emits.Messages)
            yield return $"{message.Type} {message.Priority} to {message.To}{(message.RequiresAck ? " (ack)" : "")}";

        if (row.Emits.FollowUp is { } followUp)
            yield return $"{followUp.Type} ATP in {FlowDuration.Format(followUp.Within)}{(followUp.After is { } after ? $" after {after}" : "")}";
        if (!row.Emits.Debt.IsEmpty) yield return $"debt: {string.Join(", ", row.Emits.Debt)}";
        if (row.Rollback) yield return "rollback";
        if (row.EndsTurn) yield return "ends the turn";
    }
}
