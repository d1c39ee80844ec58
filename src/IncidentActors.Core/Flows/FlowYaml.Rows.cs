using IncidentActors.Core.Messages;
using IncidentActors.Core.Yaml;

namespace IncidentActors.Core.Flows;

public static partial class FlowYaml
{
    private static readonly string[] RowKeys =
    [
        "number", "from", "to", "trigger", "role", "tools", "hitl", "within", "rollback", "endsTurn", "automatic", "requires", "emits",
    ];

    private static readonly string[] RequiresKeys = ["gates", "gatesVerifiedByTaker", "artifacts", "branches", "approval", "severities"];
    private static readonly string[] ArtifactKeys = ["type", "outcome", "sections", "by", "fresh", "begins"];
    private static readonly string[] ApprovalKeys =
    [
        "role", "question", "within", "onTimeout", "verifiesGates", "rejectTo", "options", "recommend", "approvers", "signedInWithin",
    ];

    private static readonly string[] OptionKeys = ["id", "text", "risk", "approves"];
    private static readonly string[] EmitsKeys = ["messages", "followUp", "debt", "incident"];
    private static readonly string[] MessageKeys = ["type", "to", "priority", "subject", "body", "requiresAck"];
    private static readonly string[] FollowUpKeys = ["type", "flow", "title", "role", "within", "sections", "after"];

    private static FlowRow Row(YamlFields fields)
    {
        var from = fields.Text("from");
        return new FlowRow
        {
            Number = fields.Number("number"),
            Kind = from switch { "(new)" or "(alert)" => RowKind.Start, "(post)" => RowKind.FollowUp, _ => RowKind.Transition },
            From = from,
            To = fields.Text("to"),
            Trigger = fields.Text("trigger"),
            Role = fields.Text("role"),
            Tools = fields.Texts("tools"),
            Hitl = fields.Word("hitl", RowHitl.None, ("none", RowHitl.None), ("notify", RowHitl.Notify), ("approve", RowHitl.Approve)),
            Within = fields.Duration("within"),
            Rollback = fields.Flag("rollback"),
            EndsTurn = fields.Flag("endsTurn"),
            Automatic = fields.Flag("automatic"),
            Requires = fields.Map("requires", "what a row requires", RequiresKeys, Requires) ?? new(),
            Emits = fields.Map("emits", "what a row emits", EmitsKeys, Emits) ?? new(),
        };
    }

    private static RowRequires Requires(YamlFields fields) => new()
    {
        Gates = fields.Texts("gates"),
        GatesVerifiedByTaker = fields.Flag("gatesVerifiedByTaker"),
        Artifacts = fields.Maps("artifacts", "a required artifact", ArtifactKeys, Artifact),
        Branches = fields.Texts("branches"),
        Approval = fields.Map("approval", "an approval", ApprovalKeys, Approval),
        Severities = fields.Texts("severities"),
    };

    private static RequiredArtifact Artifact(YamlFields fields)
    {
        var sections = fields.Texts("sections");
        return new RequiredArtifact(fields.Text("type"), fields.TextOrNull("outcome"), sections, fields.TextOrNull("by"), fields.Flag("fresh"))
        {
            Begins = fields.TextMap("begins", "what the sections begin with", [.. sections]),
        };
    }

    /// <summary>A missing timeout is left at zero: the checker reports it under a separate rule.</summary>
    private static RowApproval Approval(YamlFields fields) => new(
        fields.Text("role"),
        fields.Text("question"),
        fields.Duration("within") ?? TimeSpan.Zero,
        fields.RequiredWord("onTimeout", ApprovalTimeout.Block,
            ("approve", ApprovalTimeout.Approve), ("reject", ApprovalTimeout.Reject), ("block", ApprovalTimeout.Block)),
        fields.Flag("verifiesGates"),
        fields.TextOrNull("rejectTo"))
    {
        Options = fields.Maps("options", "an option", OptionKeys, option => new RowOption(
            option.Text("id"), option.Text("text"), option.TextOrNull("risk"), option.Flag("approves"))),
        Recommend = fields.TextOrNull("recommend"),
        Approvers = fields.Number("approvers", 1),
        SignedInWithin = fields.Duration("signedInWithin"),
    };

    private static RowEmits Emits(YamlFields fields) => new()
    {
        Messages = fields.Maps("messages", "a message", MessageKeys, message => new RowMessage(
            message.RequiredWord("type", MessageType.Directive, MessageTypes),
            message.Text("to"),
            PriorityOf(message, Priority.P2),
            message.Text("subject"),
            message.Text("body"),
            message.Flag("requiresAck"))),
        FollowUp = fields.Map("followUp", "a follow-up", FollowUpKeys, followUp => new RowFollowUp(
            followUp.Text("type"),
            followUp.Text("flow"),
            followUp.Text("title"),
            followUp.Text("role"),
            followUp.RequiredDuration("within"),
            followUp.Texts("sections"),
            followUp.TextOrNull("after"))),
        Debt = fields.Texts("debt"),
        Incident = fields.Word<IncidentStep?>(
            "incident", null, ("mitigated", IncidentStep.Mitigated), ("resolved", IncidentStep.Resolved), ("lowered", IncidentStep.Lowered)),
    };

    private static readonly (string, MessageType)[] MessageTypes = [.. Enum.GetValues<MessageType>().Select(type => (type.ToString(), type))];
}
