namespace IncidentActors.Engine.Telemetry;

/// <summary>
/// Names of attributes, of spans and metrics alike: OpenTelemetry's where its conventions have one, our own under <c>incident.</c>.
/// <c>docs/TELEMETRY.md</c> explains them.
/// </summary>
public static class Names
{
    public const string Incident = "incident.id";
    public const string Severity = "incident.severity";
    public const string Category = "incident.category";
    public const string Source = "incident.source";
    public const string Status = "incident.status";
    public const string PreviousStatus = "incident.status.previous";
    public const string Atp = "incident.atp.id";
    public const string Flow = "incident.flow.name";
    public const string FlowRow = "incident.flow.row";
    public const string FlowTrigger = "incident.flow.trigger";
    public const string Priority = "incident.priority";
    public const string Halt = "incident.halt.id";
    public const string HaltScope = "incident.halt.scope";
    public const string HaltCondition = "incident.halt.condition";
    public const string Approval = "incident.approval.id";
    public const string ApprovalRole = "incident.approval.role";
    public const string ApprovalOutcome = "incident.approval.outcome";
    public const string EscalationOf = "incident.escalation.of";
    public const string EscalationClock = "incident.escalation.clock";
    public const string EscalationStep = "incident.escalation.step";
    public const string Node = "incident.node.id";
    public const string NodeState = "incident.node.state";
    public const string Permit = "incident.permit.id";
    public const string PermitStep = "incident.permit.step";
    public const string Rule = "incident.rule";
    public const string TurnResult = "incident.turn.result";
    public const string DeliveryOutcome = "incident.delivery.outcome";

    public const string AgentName = "gen_ai.agent.name";
    public const string Operation = "gen_ai.operation.name";
    public const string ToolName = "gen_ai.tool.name";
    public const string McpMethod = "mcp.method.name";
    public const string McpSession = "mcp.session.id";
    public const string MessagingSystem = "messaging.system";
    public const string MessagingOperation = "messaging.operation.type";
    public const string MessagingDestination = "messaging.destination.name";
    public const string MessageId = "messaging.message.id";
    public const string DbSystem = "db.system.name";
    public const string DeploymentId = "deployment.id";
    public const string DeploymentStatus = "deployment.status";
    public const string ErrorType = "error.type";
}
