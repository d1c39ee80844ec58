using System.Text.Json.Serialization;

namespace IncidentActors.Core.Messages;

/// <param name="Held">A halt covers the recipient's work on this ATP: it waits, and so does its clock.</param>
public sealed record MessageView(
    string Id, string AtpId, string? IncidentId, string From, string To, MessageType Type, Priority Priority, string Subject, string Body,
    bool RequiresAck, DateTimeOffset SentAt, DateTimeOffset? AckedAt, string? AckedBy, bool Held)
{
    /// <summary>Why it was withdrawn, or null. A withdrawn message needs no reaction.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Withdrawn { get; init; }
}
