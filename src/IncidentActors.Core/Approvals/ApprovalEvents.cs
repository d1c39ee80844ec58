using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Approvals;

[JsonConverter(typeof(JsonStringEnumConverter<ApprovalStatus>))]
public enum ApprovalStatus
{
    [JsonStringEnumMemberName("open")] Open,
    [JsonStringEnumMemberName("approved")] Approved,
    [JsonStringEnumMemberName("rejected")] Rejected,

    /// <summary>What was asked about has changed or is gone: the answer would not hold.</summary>
    [JsonStringEnumMemberName("voided")] Voided,
}

/// <param name="Risk">What can go wrong with it, in words.</param>
/// <param name="Approves">Whether choosing it approves or rejects.</param>
public sealed record ApprovalOption(string Id, string Text, string? Risk, bool? Approves = null);

/// <param name="Row">The flow row that waits for the answer.</param>
/// <param name="Content">SHA-256 (hex) of exactly what is asked about; the answer holds only for it.</param>
/// <param name="Approvers">How many different persons must approve; null: one.</param>
/// <param name="SignedInWithin">Maximum age of the approver's sign-in; null if the age does not matter.</param>
[EventName("approval.requested.v1")]
public sealed record ApprovalRequested(
    string AtpId, string? IncidentId, int Row, string Question, ImmutableArray<ApprovalOption> Options, string? Evidence,
    string? Recommendation, string Role, string AskedBy, DateTimeOffset Due, ApprovalTimeout OnTimeout, bool VerifiesGates, string Content,
    int? Approvers = null, TimeSpan? SignedInWithin = null) : ICreationEvent;

/// <summary>One of several persons approved; the question stays open until enough have.</summary>
/// <param name="For">Who delegated the decision to the caller; null if the caller decides by its own role.</param>
/// <param name="Content">The digest of what was approved.</param>
[EventName("approval.given.v1")]
public sealed record ApprovalGiven(string? For, string? Option, string? Note, ImmutableArray<string> OpenGates, string Content) : IEvent;

/// <param name="Automatic">True if the time ran out and the flow's policy decided; every view shows this.</param>
/// <param name="For">Who delegated the decision to the caller; null if nobody did.</param>
/// <param name="Content">The digest of what was decided; null: an earlier version wrote the event, and the question names it.</param>
[EventName("approval.decided.v1")]
public sealed record ApprovalDecided(bool Approved, string? Option, string? Note, bool Automatic, string? For = null, string? Content = null) : IEvent;

/// <summary>The time is up and the policy is to block: the question stays open, and is escalated.</summary>
[EventName("approval.overdue.v1")]
public sealed record ApprovalOverdue(int Times) : IEvent;

[EventName("approval.voided.v1")]
public sealed record ApprovalVoided(string Reason) : IEvent;
