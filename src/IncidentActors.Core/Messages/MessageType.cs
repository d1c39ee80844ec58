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
}
