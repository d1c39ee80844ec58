using System.Text;

namespace IncidentActors.Core.Flows;

/// <summary>A flow as a Mermaid state diagram, lines ended by <c>\n</c>. Every row is an arrow with its number; so is every rejected approval.</summary>
public static class FlowMermaid
{
    /// <summary>Reserved words of Mermaid, in any case.</summary>
    private static readonly HashSet<string> Reserved =
        new(StringComparer.OrdinalIgnoreCase) { "State", "Note", "Default", "Class", "ClassDef", "Style", "Click", "Scale", "AccTitle", "AccDescr" };

    public static string Diagram(Flow flow)
    {
        var text = new StringBuilder("stateDiagram-v2\n");
        foreach (var state in flow.States.Where(state => Reserved.Contains(state.Name)))
            text.Append("    state \"").Append(state.Name).Append("\" as ").Append(Id(state.Name)).Append('\n');

        foreach (var row in flow.Rows)
        {
            foreach (var line in Lines(flow, row))
                text.Append("    ").Append(line).Append('\n');
        }

        foreach (var state in flow.States.Where(state => state.Terminal))
            text.Append("    ").Append(Id(state.Name)).Append(" --> [*]\n");

        return text.ToString();
    }

    private static IEnumerable<string> Lines(Flow flow, FlowRow row)
    {
        if (row.Emits.FollowUp is { } followUp)
        {
            var id = $"FollowUp{row.Number}";
            yield return $"state \"{Label(followUp.Type)} ATP ({row.To})\" as {id}";
            foreach (var state in flow.States.Where(state => state.Terminal && (followUp.After ?? state.Name) == state.Name))
                yield return $"{Id(state.Name)} --> {id} : {row.Number} {row.Role}, {Label(row.Trigger)} (in {FlowDuration.Format(followUp.Within)})";

            yield break;
        }

        yield return $"{(row.IsStart ? "[*]" : Id(row.From))} --> {Id(row.To)} : {row.Number} {Taker(row)}, {Label(row.Trigger)}{HitlSuffix(row)}";
        if (row.Requires.Approval is { RejectTo: { } back } approval)
            yield return $"{Id(row.From)} --> {Id(back)} : {row.Number} {approval.Role}, rejected";
    }

    private static string Id(string state) => Reserved.Contains(state) ? $"S_{state}" : state;

    private static string Taker(FlowRow row) => row.Automatic ? "automatic" : row.Role;

    private static string HitlSuffix(FlowRow row) => row.Hitl == RowHitl.None ? "" : $" ({row.Hitl.ToString().ToLowerInvariant()})";

    /// <summary>Without the characters that end a label, or begin a comment or an entity, in Mermaid.</summary>
    private static string Label(string text) =>
        text.Replace(':', ',').Replace(';', ',').Replace('"', '\'').Replace('#', ' ').Replace('%', ' ').Replace('\n', ' ').Replace('\r', ' ')
            .Replace("-->", "to", StringComparison.Ordinal);
}
