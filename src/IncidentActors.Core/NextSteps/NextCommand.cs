using System.Collections.Immutable;
using System.Text.RegularExpressions;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.NextSteps;

/// <summary>The command lines that do what the tools do.</summary>
public static partial class NextCommand
{
    /// <summary>Verbs by the tool that they call.</summary>
    private static readonly ImmutableDictionary<string, string> Verbs = ImmutableDictionary.CreateRange(new Dictionary<string, string>
    {
        ["atp_set and gates"] = "incident atp set AT-… --gate", ["atp_set"] = "incident atp set", ["atp_create"] = "incident atp create",
        ["atp_change_status"] = "incident atp status", ["atp_close"] = "incident atp close", ["atp_list"] = "incident atp list",
        ["artifact_create"] = "incident artifact", ["approval_decide"] = "incident approve", ["message_ack"] = "incident ack",
        ["message_send"] = "incident send", ["incident_declare"] = "incident declare", ["halt_raise"] = "incident halt", ["halt_lift"] = "incident lift",
        ["halt_ack"] = "incident halt ack", ["halt_status"] = "incident halt status", ["knowledge_search"] = "incident knowledge search",
        ["parentAtpId"] = "--parent", ["noFix"] = "--no-fix", ["overrideReason"] = "--skip",
        ["in criteria;"] = "with --criteria;", ["with override and"] = "with --owner-override and",
    });

    /// <summary>The sentence with each tool replaced by the verb that calls it.</summary>
    public static string Worded(string sentence) => Tool().Replace(sentence, match => Verbs[match.Value]);

    internal static string Artifact(string atp, string type, string? outcome) =>
        $"incident artifact {atp} {type} @report.md{(outcome is null ? "" : $" --outcome {Quoted(outcome)}")}";

    internal static string Gates(string atp, IEnumerable<string> gates) => $"incident atp set {atp}{string.Concat(gates.Select(gate => $" --gate {gate}"))}";

    internal static string Handoff(string atp, string to) =>
        $"incident handoff {atp} --to {to} --completed \"what is done\" --pending \"what is left\" --evidence \"what proves it\"";

    /// <param name="to">Who receives a handoff; null: the row is taken without one where it can be.</param>
    internal static (string Tool, string Command) Row(string atp, FlowRow row, string? to) =>
        row.Tools.Contains(Tools.Handoff) && (to is not null || row.Tools.Length == 1) ? (Tools.Handoff, Handoff(atp, to ?? "@HANDLE"))
        : row.Tools.Contains(Tools.Close) ? (Tools.Close, $"incident atp close {atp}")
        : (Tools.ChangeStatus, $"incident atp status {atp} {Quoted(row.To)}");

    private static string Quoted(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word;

    [GeneratedRegex(
        @"\batp_set and gates\b|\b(?:atp_(?:set|create|change_status|close|list)|artifact_create|approval_decide|message_(?:ack|send)|incident_declare"
        + @"|halt_(?:raise|lift|ack|status)|knowledge_search|parentAtpId|noFix|overrideReason)\b|\bwith override and\b|\bin criteria;")]
    private static partial Regex Tool();
}
