namespace IncidentActors.Core.Flows;

/// <summary>The rules that a flow is refused by. The ids are stable; the sentences in <see cref="FlowProblem.Reason"/> are not.</summary>
public static class FlowRules
{
    // The text (FlowYaml)
    public const string Syntax = "flow.syntax";
    public const string KeyUnknown = "flow.key.unknown";
    public const string KeyMissing = "flow.key.missing";
    public const string KeyDuplicate = "flow.key.duplicate";
    public const string ValueType = "flow.value.type";
    public const string ValueUnknown = "flow.value.unknown";
    public const string DurationMalformed = "flow.duration.malformed";

    // Names and lists (FlowChecker)
    public const string NameMalformed = "flow.name.malformed";
    public const string NameDuplicate = "flow.name.duplicate";
    public const string VersionMalformed = "flow.version.malformed";
    public const string VersionTaken = "flow.version.taken";
    public const string HaltsUnknown = "flow.halts.unknown";
    public const string KeywordMalformed = "flow.keyword.malformed";
    public const string KeywordDuplicate = "flow.keyword.duplicate";
    public const string KeywordTaken = "flow.keyword.taken";
    public const string GateUnused = "flow.gate.unused";
    public const string BranchUnused = "flow.branch.unused";
    public const string BranchStateUnknown = "flow.branch.state.unknown";
    public const string BranchRoleUnknown = "flow.branch.role.unknown";
    public const string PhaseStateUnknown = "flow.phase.state.unknown";
    public const string PhaseStateTwice = "flow.phase.state.twice";

    // Paths
    public const string StartNone = "flow.start.none";
    public const string TerminalNone = "flow.terminal.none";
    public const string TerminalLeft = "flow.terminal.left";
    public const string StateUnreachable = "flow.state.unreachable";
    public const string StateDeadEnd = "flow.state.dead-end";
    public const string StateEndless = "flow.state.endless";
    public const string RollbackNowhere = "flow.rollback.nowhere";

    // Rows
    public const string RowNumberMalformed = "flow.row.number.malformed";
    public const string RowNumberDuplicate = "flow.row.number.duplicate";
    public const string RowAmbiguous = "flow.row.ambiguous";
    public const string RowFromUnknown = "flow.row.from.unknown";
    public const string RowToUnknown = "flow.row.to.unknown";
    public const string RowRoleUnknown = "flow.row.role.unknown";
    public const string RowToolUnknown = "flow.row.tool.unknown";
    public const string RowToolsNone = "flow.row.tools.none";
    public const string RowAutomaticUnconditional = "flow.row.automatic.unconditional";
    public const string RowAutomaticStale = "flow.row.automatic.stale";
    public const string RowHitlMissing = "flow.row.hitl.missing";
    public const string RowHitlUntold = "flow.row.hitl.untold";

    // What a row requires
    public const string RequiresUnmeetable = "flow.row.requires.unmeetable";
    public const string GateUnknown = "flow.row.gate.unknown";
    public const string GateUnanswered = "flow.row.gate.unanswered";
    public const string BranchUnknown = "flow.row.branch.unknown";
    public const string SeverityUnknown = "flow.row.severity.unknown";
    public const string ArtifactRoleUnknown = "flow.row.artifact.role.unknown";
    public const string ApprovalMissing = "flow.approval.missing";
    public const string ApprovalTimeoutMissing = "flow.approval.timeout.missing";
    public const string ApprovalRoleUnknown = "flow.approval.role.unknown";
    public const string ApprovalOptions = "flow.approval.options";
    public const string ApprovalApprovers = "flow.approval.approvers";
    public const string ApprovalSignIn = "flow.approval.sign-in";
    public const string ApprovalRejectUnknown = "flow.approval.reject.unknown";
    public const string ApprovalRejectNowhere = "flow.approval.reject.nowhere";

    // What a row owes
    public const string MessageRoleUnknown = "flow.message.role.unknown";
    public const string MessagePlaceholderUnknown = "flow.message.placeholder.unknown";
    public const string FollowUpMissing = "flow.follow-up.missing";
    public const string FollowUpMisplaced = "flow.follow-up.misplaced";
    public const string FollowUpFlowUnknown = "flow.follow-up.flow.unknown";
    public const string FollowUpStateUnknown = "flow.follow-up.state.unknown";
    public const string FollowUpAfterUnknown = "flow.follow-up.after.unknown";
    public const string FollowUpRoleUnknown = "flow.follow-up.role.unknown";
    public const string DebtNowhere = "flow.debt.nowhere";
}
