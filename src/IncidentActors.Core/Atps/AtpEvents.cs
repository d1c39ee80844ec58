using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

/// <param name="Debt">What the parent's flow left undone and this follow-up has to catch up on.</param>
[EventName("atp.created.v1")]
public sealed record AtpCreated(
    string Title, string Type, string Flow, int FlowVersion, Priority Priority, bool Urgent, string? IncidentId, string? ParentAtpId,
    string? Owner, string? Notes, DateTimeOffset? DueAt, ImmutableArray<string> Sections, ImmutableArray<string> Debt) : ICreationEvent;

/// <summary>A row of the flow was taken; <paramref name="From"/> of the first is <c>(new)</c> or <c>(alert)</c>.</summary>
/// <param name="Owes">Messages that the row demands and that are not sent yet.</param>
[EventName("atp.moved.v1")]
public sealed record AtpMoved(
    int Row, string From, string To, string Trigger, string Tool, string? Notes, ImmutableArray<OwedMessage> Owes, bool Automatic) : IEvent;

[EventName("atp.owned.v1")]
public sealed record AtpOwned(string? Owner) : IEvent;

[EventName("atp.noted.v1")]
public sealed record AtpNoted(string Notes) : IEvent;

/// <summary>Details of the work were given or changed.</summary>
/// <param name="Details">Only those that changed, by name (<see cref="DetailNames"/>).</param>
/// <param name="DueAt">When the work must be finished, where the detail <c>deadline</c> names a time.</param>
[EventName("atp.detailed.v1")]
public sealed record AtpDetailed(ImmutableSortedDictionary<string, string> Details, DateTimeOffset? DueAt = null) : IEvent;

[EventName("atp.priority-changed.v1")]
public sealed record AtpPriorityChanged(Priority From, Priority To) : IEvent;

/// <summary>A gate's question was answered with yes.</summary>
[EventName("atp.gate-verified.v1")]
public sealed record AtpGateVerified(string Gate, string Basis) : IEvent;

/// <summary>The answer to a gate's question no longer holds.</summary>
[EventName("atp.gate-reopened.v1")]
public sealed record AtpGateReopened(string Gate, string Reason) : IEvent;

/// <param name="Sections">Headings with text under them, lower case.</param>
/// <param name="Persist"><c>store</c>, <c>file</c> or <c>both</c>.</param>
/// <param name="Items">All action items with owner, due date and whether they are done; null: an earlier version wrote it.</param>
/// <param name="ActionItems">Open items under the heading "Action items"; they become ATPs when the ATP whose flow asks for a postmortem closes.</param>
[EventName("atp.artifact-added.v1")]
public sealed record AtpArtifactAdded(
    string ArtifactId, string Type, string Title, string Content, string? Outcome, string Persist, ImmutableArray<string> Sections,
    ImmutableArray<string> ActionItems, ImmutableArray<ActionItem>? Items = null) : IEvent;

/// <param name="Number">1-based in the ATP; the id is <c>msg-{atp}-{number}</c>.</param>
/// <param name="Settles">Id of the owed message that this one is, or null.</param>
/// <param name="About">Id of the approval that the message asks for or reminds of, or null.</param>
[EventName("message.sent.v1")]
public sealed record MessageSent(
    int Number, string From, string To, MessageType Type, Priority Priority, string Subject, string Body, bool RequiresAck, string? Settles,
    string? About = null) : IEvent;

/// <summary>The message no longer has a reason: it leaves the inbox and needs no acknowledgement.</summary>
[EventName("message.withdrawn.v1")]
public sealed record MessageWithdrawn(int Number, string Reason) : IEvent;

/// <summary>Messages that a row still owed are not sent: the ATP has gone on without them.</summary>
/// <param name="Owed">Ids of the owed messages.</param>
[EventName("atp.owed-withdrawn.v1")]
public sealed record AtpOwedWithdrawn(ImmutableArray<string> Owed, string Reason) : IEvent;

[EventName("message.acknowledged.v1")]
public sealed record MessageAcknowledged(int Number, string? Notes) : IEvent;

/// <param name="Told">Who was notified because the message was not acknowledged in time.</param>
[EventName("message.overdue.v1")]
public sealed record MessageOverdue(int Number, int Times, string Told) : IEvent;

/// <summary>What was handed over is kept for approvals, which hold for exactly it.</summary>
[EventName("atp.handed-off.v1")]
public sealed record AtpHandedOff(string From, string To, int Message, string Content) : IEvent;

[EventName("atp.approval-asked.v1")]
public sealed record AtpApprovalAsked(string ApprovalId, int Row, string Role) : IEvent;

/// <summary>One of several persons approved.</summary>
/// <param name="Given">How many have so far.</param>
/// <param name="Needed">How many must.</param>
[EventName("atp.approval-given.v1")]
public sealed record AtpApprovalGiven(string ApprovalId, int Given, int Needed) : IEvent;

[EventName("atp.approval-settled.v1")]
public sealed record AtpApprovalSettled(string ApprovalId, int Row, AtpApprovalStatus Status, string By, bool Automatic) : IEvent;

/// <summary>A <c>(post)</c> row: the closure created another ATP in the same commit.</summary>
[EventName("atp.follow-up-created.v1")]
public sealed record AtpFollowUpCreated(
    int Row, string AtpId, string Type, string From, string To, string Trigger, ImmutableArray<OwedMessage> Owes) : IEvent;

/// <summary>A time budget is over: <c>due</c>, <c>phase:…</c> or <c>within:…</c>.</summary>
[EventName("atp.overdue.v1")]
public sealed record AtpOverdue(string Clock, int Times) : IEvent;

/// <summary>The owner overrode the rules, and why (seed 003).</summary>
/// <param name="Bypassed">Ids of the rules that would have refused the command.</param>
[EventName("atp.overridden.v1")]
public sealed record AtpOverridden(string Command, string Reason, ImmutableArray<string> Bypassed) : IEvent;

/// <summary>The ATP has ended without a result: its incident was a false alarm, or other work has taken its place.</summary>
[EventName("atp.canceled.v1")]
public sealed record AtpCanceled(string Reason) : IEvent;

/// <summary>The ATPs that it waits for now, all of them.</summary>
[EventName("atp.waits.v1")]
public sealed record AtpWaits(ImmutableArray<string> For) : IEvent;

/// <summary>Another ATP waits for this one.</summary>
[EventName("atp.awaited.v1")]
public sealed record AtpAwaited(string By) : IEvent;

/// <summary>The ATP reached a state out of which nothing leads.</summary>
[EventName("atp.finished.v1")]
public sealed record AtpFinished : IEvent;
