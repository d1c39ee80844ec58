using System.Collections.Immutable;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Approvals;

/// <param name="Content">SHA-256 (hex) of the handoff that is asked about; another handoff voids the approval and asks again.</param>
/// <param name="Automatic">The flow's policy decided because the time ran out.</param>
public sealed record ApprovalView(
    string Id, long Version, ApprovalStatus Status, string AtpId, string? IncidentId, int Row, string Question,
    ImmutableArray<ApprovalOption> Options, string? Evidence, string? Recommendation, string Role, string AskedBy, DateTimeOffset AskedAt,
    DateTimeOffset Due, ApprovalTimeout OnTimeout, string? DecidedBy, DateTimeOffset? DecidedAt, string? Option, string? Note, bool Automatic, string Content)
{
    /// <summary>How many different persons must approve; absent: one.</summary>
    public int? Approvers { get; init; }

    /// <summary>Maximum age of the approver's sign-in in seconds; absent if the age does not matter.</summary>
    public int? SignedInWithinSeconds { get; init; }

    /// <summary>Who has approved so far, where several must.</summary>
    public ImmutableArray<GivenApproval>? Given { get; init; }

    /// <summary>Who delegated the decision; absent: nobody did.</summary>
    public string? DecidedFor { get; init; }

    public static ApprovalView Of(ApprovalState state, long version) => new(
        state.Id, version, state.Status, state.AtpId, state.IncidentId, state.Row, state.Question, state.Options, state.Evidence,
        state.Recommendation, state.Role, state.AskedBy, state.AskedAt, state.Due, state.OnTimeout, state.DecidedBy, state.DecidedAt,
        state.Option, state.Note, state.Automatic, state.Content)
    {
        Approvers = state.Approvers,
        SignedInWithinSeconds = (int?)state.SignedInWithin?.TotalSeconds,
        Given = state.Given,
        DecidedFor = state.DecidedFor,
    };
}
