using System.Collections.Immutable;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Yaml;

namespace IncidentActors.Core.Flows;

/// <summary>A text that was read: the flow, or null when its form was wrong, and every problem of its form.</summary>
public sealed record ParsedFlow(string File, Flow? Flow, FlowPositions Positions, ImmutableArray<FlowProblem> Problems);

/// <summary>
/// Reads a flow from YAML (the keys are described in <c>flow.schema.json</c>).
/// Form only; what the flow means is for <see cref="FlowChecker"/>.
/// </summary>
public static partial class FlowYaml
{
    private static readonly string[] FlowKeys =
    [
        "name", "version", "title", "source", "urgent", "urgency", "priority", "halts", "keywords", "ids", "markers", "states", "gates", "branches",
        "phases", "rows",
    ];

    private static readonly string[] StateKeys = ["name", "terminal", "active", "means", "deployed", "also"];
    private static readonly string[] GateKeys = ["id", "question", "criteria"];
    private static readonly string[] BranchKeys = ["id", "title", "startsIn", "role", "doneBy"];
    private static readonly string[] PhaseKeys = ["id", "title", "states", "within"];

    /// <summary>Never throws on bad text: all problems are in <see cref="ParsedFlow.Problems"/>, in text order.</summary>
    /// <param name="file">Name to show in problems; nothing is opened.</param>
    public static ParsedFlow Parse(string text, string file)
    {
        var findings = new YamlFindings(file, "flow");
        var flow = YamlFile.Read(text, "a flow", "name", FlowKeys, findings, Flow);
        return new ParsedFlow(file, findings.Problems.IsEmpty ? flow : null, findings.Positions, findings.Problems);
    }

    private static Flow Flow(YamlFields fields) => new()
    {
        Name = fields.Text("name"),
        Version = fields.Number("version"),
        Title = fields.Text("title"),
        Source = fields.TextOrNull("source"),
        Urgent = fields.Flag("urgent"),
        Urgency = fields.Number("urgency", 0),
        Priority = PriorityOf(fields, Priority.P2),
        Halts = fields.TextOrNull("halts"),
        Keywords = fields.Texts("keywords"),
        Ids = fields.Texts("ids"),
        Markers = fields.Texts("markers"),
        States = fields.RequiredMaps("states", "a state", StateKeys, state =>
            new FlowState(state.Text("name"), state.Flag("terminal"), state.Flag("active"), state.TextOrNull("means"), state.Flag("deployed"))
            {
                Also = state.Texts("also"),
            }),
        Gates = fields.Maps("gates", "a gate", GateKeys, gate =>
            new FlowGate(gate.Text("id"), gate.Text("question"), gate.TextOrNull("criteria"))),
        Branches = fields.Maps("branches", "a branch", BranchKeys, branch =>
            new FlowBranch(branch.Text("id"), branch.Text("title"), branch.Text("startsIn"), branch.Text("role"), branch.Text("doneBy"))),
        Phases = fields.Maps("phases", "a phase", PhaseKeys, phase =>
            new FlowPhase(phase.Text("id"), phase.Text("title"), phase.RequiredTexts("states"), phase.RequiredDuration("within"))),
        Rows = fields.RequiredMaps("rows", "a row", RowKeys, Row),
    };

    private static Priority PriorityOf(YamlFields fields, Priority absent) => fields.Word(
        "priority", absent, ("P0", Priority.P0), ("P1", Priority.P1), ("P2", Priority.P2), ("P3", Priority.P3));
}
