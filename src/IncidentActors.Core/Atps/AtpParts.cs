using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>One row taken.</summary>
/// <param name="Number">1-based, in the order of time.</param>
/// <param name="Messages">Ids of the messages that the row owed, as they were sent: its HITL notification first.</param>
/// <param name="Automatic">The system took the row.</param>
public sealed record HistoryEntry(
    int Number, int Row, string From, string To, string Trigger, string Tool, string By, DateTimeOffset At, string? Notes, bool Automatic,
    ImmutableArray<string> Messages);

/// <param name="Basis">What the answer is based on: <c>approval APR-…</c>, <c>closing</c>, or what the agent said.</param>
public sealed record VerifiedGate(string By, DateTimeOffset At, string Basis);

/// <summary>Typed evidence; its content is in the event that added it.</summary>
/// <param name="Length">Characters of the content.</param>
/// <param name="Sections">Headings with text under them, lower case.</param>
/// <param name="Entry">The ATP's last history entry when it was made: it tells a fresh artifact from an old one without relying on clocks.</param>
public sealed record Artifact(
    string Id, string Type, string Title, string By, DateTimeOffset At, string? Outcome, string Persist, int Length, ImmutableArray<string> Sections,
    ImmutableArray<string> ActionItems, int Entry = 0, ImmutableArray<ActionItem>? Items = null)
{
    /// <summary>Action items that are to be done.</summary>
    [JsonIgnore]
    public IEnumerable<ActionItem> OpenItems => Items is { } all
        ? all.Where(item => !item.Done)
        : ActionItems.Select(text => new ActionItem(text, Owner: null, Due: null, Done: false));
}

/// <summary>A message as it is remembered for a while.</summary>
public sealed record RecentMessage(int Number, string From, string To, string Subject, DateTimeOffset At);

/// <param name="Entry">The history entry of the row that ordered it; null if no row did.</param>
/// <param name="About">Id of the approval that it asks for, or null.</param>
public sealed record OpenMessage(
    string From, string To, MessageType Type, Priority Priority, bool RequiresAck, DateTimeOffset SentAt, int TimesOverdue, int? Entry = null,
    string? About = null)
{
    /// <summary>It orders work: it is void when that work is done or no longer wanted. Notifications and handoffs are records and stay.</summary>
    [JsonIgnore]
    public bool Orders => MessageTypes.Of(Type).Orders;
}

/// <summary>A message that a row demands. The agent that took the row may send it; after the grace time the system does.</summary>
/// <param name="Id"><c>{history entry}.{n}</c>, unique in the ATP.</param>
/// <param name="Entry">The history entry that owes it.</param>
public sealed record OwedMessage(
    string Id, int Entry, MessageType Type, string By, string To, Priority Priority, string Subject, string Body, bool RequiresAck);

[JsonConverter(typeof(JsonStringEnumConverter<AtpApprovalStatus>))]
public enum AtpApprovalStatus
{
    [JsonStringEnumMemberName("open")] Open,
    [JsonStringEnumMemberName("approved")] Approved,
    [JsonStringEnumMemberName("rejected")] Rejected,
    [JsonStringEnumMemberName("voided")] Voided,
}

/// <param name="Given">How many of several persons have approved so far, such as <c>1 of 2</c>; null: none has, or one is enough.</param>
public sealed record AtpApproval(string Id, int Row, string Role, AtpApprovalStatus Status, string? DecidedBy, bool Automatic, string? Given = null);

/// <summary>A command of the owner that bypassed rules.</summary>
public sealed record OverrideEntry(string Command, string Reason, ImmutableArray<string> Bypassed, string By, DateTimeOffset At);

/// <summary>An ATP that this one's closure created.</summary>
public sealed record FollowUp(int Row, string AtpId, string Type);
