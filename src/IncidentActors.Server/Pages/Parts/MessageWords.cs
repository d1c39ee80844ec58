using IncidentActors.Core.Messages;

namespace IncidentActors.Server.Pages.Parts;

/// <summary>Message types in the words of the pages.</summary>
public static class MessageWords
{
    public static string Of(MessageType type) => type switch
    {
        MessageType.EmergencyDirective => "Emergency directive",
        MessageType.HITLNotification => "Notification",
        _ => type.ToString(),
    };
}
