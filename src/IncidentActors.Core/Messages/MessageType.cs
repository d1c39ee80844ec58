using System.Text.Json.Serialization;

namespace IncidentActors.Core.Messages;

[JsonConverter(typeof(JsonStringEnumConverter<MessageType>))]
public enum MessageType
{
    Directive,
    EmergencyDirective,
    Handoff,
    HITLNotification,
    Escalation,
    Decision,
    Rejection,
    Blocker,
    CorrectionDirective,
    HITLEscalation,
    CompletionNotification,
    Acknowledgment,
    QARequest,
    QAApproval,
    ReviewRequest,
    ReviewComplete,
    StatusUpdate,
    ScopeChange,
    Clarification,
    BugReport,
    Resolution,
}
