using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <summary>Base of what can be asked of an ATP's actor.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(CreateAtp), "create-atp")]
[JsonDerivedType(typeof(SetAtp), "set-atp")]
[JsonDerivedType(typeof(ChangeStatus), "change-status")]
[JsonDerivedType(typeof(CloseAtp), "close-atp")]
[JsonDerivedType(typeof(SendMessage), "send-message")]
[JsonDerivedType(typeof(AcknowledgeMessage), "acknowledge-message")]
[JsonDerivedType(typeof(HandOff), "hand-off")]
[JsonDerivedType(typeof(CreateArtifact), "create-artifact")]
[JsonDerivedType(typeof(PostNotice), "post-notice")]
[JsonDerivedType(typeof(SettleApproval), "settle-approval")]
[JsonDerivedType(typeof(AtpTimeIsUp), "atp-time-is-up")]
public abstract record AtpCommand : ICommand
{
    /// <summary>Further details from the caller, by name (<see cref="DetailNames"/>), or null.</summary>
    public ImmutableSortedDictionary<string, string>? Details { get; init; }

    /// <summary>Names among <see cref="Details"/> that no tool knows: they are kept as notes, and the answer says so.</summary>
    public ImmutableArray<string>? Unread { get; init; }

    /// <summary>The detail; null if it is not given.</summary>
    public string? Detail(string name) => Details?.GetValueOrDefault(name);
}

/// <summary><c>atp_create</c>. Where <paramref name="Flow"/> is null the keywords in id, title and notes choose.</summary>
public sealed record CreateAtp(
    string Title,
    string? Type = null,
    string? Flow = null,
    string? IncidentId = null,
    string? ParentAtpId = null,
    Priority? Priority = null,
    string? Notes = null,
    string? Owner = null) : AtpCommand;

/// <summary><c>atp_set</c>: changes what is given; creates the ATP when it is new (emergency and hotfix start so).</summary>
/// <param name="VerifiedGates">Gates that the caller answers with yes.</param>
public sealed record SetAtp(
    string? Status = null,
    string? Notes = null,
    string? Owner = null,
    Priority? Priority = null,
    string? Title = null,
    ImmutableArray<string> VerifiedGates = default) : AtpCommand
{
    public ImmutableArray<string> VerifiedGates { get; init; } = VerifiedGates.IsDefault ? [] : VerifiedGates;
}

/// <summary><c>atp_change_status</c>, and with the flow's closed state <c>atp_close</c>.</summary>
public sealed record ChangeStatus(string Status, string? Notes = null) : AtpCommand;

/// <summary><c>atp_close</c>: takes the first row out of the state that ends the turn or leads to a final state.</summary>
public sealed record CloseAtp(string? Notes = null) : AtpCommand;

/// <param name="RequiresAck">Null: directives, escalations, blockers and requests for tests or a review do (messages.yaml: answer).</param>
public sealed record SendMessage(
    string To, MessageType Type, Priority? Priority, string Subject, string Body, bool? RequiresAck = null) : AtpCommand;

public sealed record AcknowledgeMessage(int Number, string? Notes = null) : AtpCommand;

/// <summary><c>handoff</c>: all three sections are required.</summary>
public sealed record HandOff(
    string To, string CompletedWork, string PendingWork, string Evidence, Priority? Priority = null) : AtpCommand;

/// <param name="Outcome"><c>passed</c>, <c>failed</c>, <c>critical</c> … where the type has one.</param>
/// <param name="Persist"><c>store</c>, <c>file</c> or <c>both</c>.</param>
public sealed record CreateArtifact(
    string Type, string Title, string Content, string? Outcome = null, string Persist = "store") : AtpCommand;

/// <summary>The system's own message on an ATP: escalations and reminders of its incident.</summary>
public sealed record PostNotice(
    string To, MessageType Type, Priority Priority, string Subject, string Body, bool RequiresAck = false) : AtpCommand;

/// <summary>Decides an approval of this ATP; both change in one commit.</summary>
public sealed record SettleApproval(string ApprovalId, ApprovalCommand Decision) : AtpCommand;

/// <summary>A clock of the ATP rang: <c>owed:…</c>, <c>ack:…</c>, <c>due</c>, <c>phase:…</c>, <c>within:…</c>.</summary>
public sealed record AtpTimeIsUp(string Clock) : AtpCommand;
