using System.Text;
using IncidentActors.Core.Flows;

namespace IncidentActors.Server.Flows.Diagrams;

/// <summary>The texts in the boxes of a flow's diagram.</summary>
internal static class FlowLabels
{
    public static FlowNode Row(FlowRow row, bool compact)
    {
        var marks = Signs(row)
            .Concat(Needs(row).Select(mark => compact ? mark with { Text = "" } : mark))
            .Where(mark => mark.Sign != FlowSign.None || mark.Text.Length > 0);
        return new FlowNode(
            FlowNodeKind.Row, FlowGraph.Number(row.Number), $"{FlowGraph.Number(row.Number)} {(row.Automatic ? "by itself" : row.Role)}",
            compact ? [] : FlowGraph.Wrapped(row.Trigger), [.. marks.Distinct()], row, null);
    }

    public static FlowNode Rejection(FlowRow row, RowApproval approval) => new(
        FlowNodeKind.Rejection, FlowGraph.Number(row.Number), $"{FlowGraph.Number(row.Number)} {approval.Role}", ["rejected"], [], row, null);

    public static FlowNode FollowUp(FlowRow row, RowFollowUp followUp) => new(
        FlowNodeKind.FollowUp, FlowGraph.Number(row.Number), $"{followUp.Type} ATP",
        FlowGraph.Wrapped($"{row.To}, due in {FlowDuration.Format(followUp.Within)}"), [], row, null);

    /// <summary>The row in one sentence, for readers that do not see the picture.</summary>
    public static string Sentence(FlowRow row)
    {
        var needs = Needs(row).Select(mark => mark.Text).ToList();
        var taker = row.Automatic ? "by itself" : $"by {row.Role}";
        var sentence = new StringBuilder($"Row {FlowGraph.Number(row.Number)}, {row.From} to {row.To}, {taker}: {row.Trigger}");
        if (needs.Count > 0) sentence.Append("; needs ").AppendJoin(", ", needs);
        if (row.Requires.Approval?.RejectTo is { } back) sentence.Append("; rejected, back to ").Append(back);
        if (row.Hitl != RowHitl.None) sentence.Append("; the operator is notified");
        if (row.Rollback) sentence.Append("; a rollback");
        return sentence.Append('.').ToString();
    }

    private static IEnumerable<FlowMark> Signs(FlowRow row)
    {
        if (row.Hitl != RowHitl.None) yield return new FlowMark(FlowSign.Told, "");
        if (row.Rollback) yield return new FlowMark(FlowSign.Rollback, "");
    }

    private static IEnumerable<FlowMark> Needs(FlowRow row)
    {
        var requires = row.Requires;
        if (!requires.Severities.IsEmpty) yield return new FlowMark(FlowSign.None, string.Join(", ", requires.Severities));
        if (requires.Approval is { } approval)
            yield return new FlowMark(FlowSign.Approval, $"{approval.Role} approves, {FlowDuration.Format(approval.Within)}");
        if (requires.Gates.Length > 0)
        {
            yield return new FlowMark(
                FlowSign.Gate, requires.Gates.Length == 1 ? "1 gate" : $"{FlowGraph.Number(requires.Gates.Length)} gates");
        }

        foreach (var artifact in requires.Artifacts)
            yield return new FlowMark(FlowSign.Artifact, artifact.Outcome is { } outcome ? $"{artifact.Type}: {outcome}" : artifact.Type);
        if (!requires.Branches.IsEmpty) yield return new FlowMark(FlowSign.Branch, $"after {string.Join(", ", requires.Branches)}");
        if (row.Within is { } within) yield return new FlowMark(FlowSign.None, $"within {FlowDuration.Format(within)}");
    }
}
