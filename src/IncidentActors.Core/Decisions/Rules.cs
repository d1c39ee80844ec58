namespace IncidentActors.Core.Decisions;

/// <summary>Ids of the rules by which commands are refused: stable, part of the interface, each named once here.</summary>
public static class Rules
{
    public const string Halted = "halt.covers";
    public const string TurnEnded = "turn.ended";
    public const string KeyReused = "idempotency.key.reused";

    public const string ArgumentUnknown = "argument.unknown";
    public const string ArgumentMissing = "argument.missing";
    public const string ArgumentMalformed = "argument.malformed";
    public const string ArgumentTooLong = "argument.too-long";
    public const string CallerMismatch = "caller.mismatch";
    public const string CallerMissing = "caller.missing";
    public const string CallInternal = "call.internal";

    public const string TokenMissing = "token.missing";
    public const string TokenUnknown = "token.unknown";
    public const string TokenExpired = "token.expired";
    public const string TokenRevoked = "token.revoked";
    public const string TokenReadOnly = "token.read-only";
    public const string TokenTeam = "token.team";
    public const string TokenRole = "token.role";
    public const string TokenRate = "token.rate";

    /// <summary>Amazon SNS waits for a confirmation.</summary>
    public const string AlertSubscription = "alert.subscription";
    public const string TokenExists = "token.exists";

    public const string WebhookUnknown = "webhook.unknown";
    public const string WebhookPrivate = "webhook.private";

    public const string ToolUnknown = "tool.unknown";
    public const string OverrideRole = "override.role";
    public const string OverrideReason = "override.reason.missing";

    public const string AgentUnknown = "agent.unknown";
    public const string AgentReserved = "agent.reserved";

    public const string AtpUnknown = "atp.unknown";
    public const string AtpExists = "atp.exists";
    public const string AtpClosed = "atp.closed";
    public const string AtpTransitionUnknown = "atp.transition.unknown";
    public const string AtpTransitionTool = "atp.transition.tool";
    public const string AtpTransitionRole = "atp.transition.role";
    public const string AtpCriteria = "atp.criteria.open";
    public const string AtpFieldRole = "atp.field.role";
    public const string GateOpen = "atp.gate.open";
    public const string GateUnknown = "atp.gate.unknown";
    public const string GateOwn = "atp.gate.own";
    public const string GateRole = "atp.gate.role";
    public const string ArtifactUnknown = "atp.artifact.unknown";
    public const string ArtifactRole = "atp.artifact.role";
    public const string ArtifactMissing = "atp.artifact.missing";
    public const string ArtifactForm = "atp.artifact.form";
    public const string ArtifactOutcome = "atp.artifact.outcome";
    public const string SectionMissing = "atp.section.missing";
    public const string BranchOpen = "atp.branch.open";
    public const string ApprovalNeeded = "atp.approval.needed";
    public const string SeverityPath = "atp.severity.path";

    public const string FlowUnknown = "flow.unknown";

    public const string MessageUnknown = "message.unknown";
    public const string MessageForeign = "message.ack.foreign";
    public const string MessageAcked = "message.ack.repeated";
    public const string MessageToSelf = "message.to-self";
    public const string MessageBacklog = "message.backlog";
    public const string HandoffRecipient = "handoff.recipient";
    public const string HandoffSections = "handoff.sections.missing";

    public const string IncidentUnknown = "incident.unknown";
    public const string IncidentStatus = "incident.status";
    public const string IncidentClosed = "incident.closed";
    public const string IncidentArchived = "incident.archived";
    public const string IncidentRole = "incident.role";
    public const string IncidentTimes = "incident.times";
    public const string IncidentFix = "incident.fix.missing";
    public const string IncidentObligation = "incident.obligation.open";
    public const string IncidentChecklist = "incident.checklist.open";
    public const string SeverityUnknown = "incident.severity.unknown";
    public const string SeverityLowered = "incident.severity.lowered";

    public const string HaltUnknown = "halt.unknown";
    public const string HaltExists = "halt.exists";
    public const string HaltLifted = "halt.lifted";
    public const string HaltScopeUnknown = "halt.scope.unknown";
    public const string HaltRole = "halt.role";
    public const string HaltBriefing = "halt.briefing";

    public const string PermitUnknown = "permit.unknown";
    public const string PermitForbidden = "permit.forbidden";
    public const string PermitIncomplete = "permit.incomplete";
    public const string PermitApproval = "permit.approval.needed";
    public const string PermitUnsettled = "permit.unsettled";
    public const string PermitHolder = "permit.holder";
    public const string PermitEnded = "permit.ended";

    public const string ApprovalUnknown = "approval.unknown";
    public const string ApprovalDecided = "approval.decided";
    public const string ApprovalRole = "approval.role";
    public const string ApprovalUndecided = "approval.undecided";
    public const string ApprovalOwn = "approval.own";
    public const string ApprovalContent = "approval.content";
    public const string ApprovalGiven = "approval.given";
    public const string ApprovalQuorum = "approval.quorum";
    public const string ApprovalSignIn = "approval.sign-in";
    public const string ApprovalOption = "approval.option.unknown";

    public const string RunbookUnknown = "runbook.unknown";
    public const string RunbookRole = "runbook.role";
    public const string RunbookEvidence = "runbook.evidence.missing";
    public const string RunUnknown = "runbook.run.unknown";
    public const string RunStatus = "runbook.run.status";

    public const string KnowledgeUnknown = "knowledge.unknown";
    public const string KnowledgeMalformed = "knowledge.malformed";
}
