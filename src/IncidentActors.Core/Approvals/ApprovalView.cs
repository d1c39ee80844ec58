using System.Collections.Immutable;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Approvals;

/// <param name="Content">SHA-256 (hex) of the handoff that is asked about; another handoff voids the approval and asks anew.</param>
/// <param name="Automatic">It decided itself because nobody did in time.</param>
public sealed record ApprovalView(
    string Id, long Version, ApprovalStatus Status, string AtpId, string? IncidentId, int Row, string Question,
    ImmutableArray<ApprovalOption> Options, string? Evidence, string? Recommendation, string Role, string AskedBy, DateTimeOffset AskedAt,
    DateTimeOffset Due, ApprovalTimeout OnTimeout, string? DecidedBy, DateTimeOffset? DecidedAt, string? Option, string? Note, bool Automatic, string Content)
{
    public static ApprovalView Of(ApprovalState state, long version) => new(
        state.Id, version, state.Status, state.AtpId, state.IncidentId, state.Row, state.Question, state.Options, state.Evidence,
        state.Recommendation, state.Role, state.AskedBy, state.AskedAt, state.Due, state.OnTimeout, state.DecidedBy, state.DecidedAt,
        state.Option, state.Note, state.Automatic, state.Content);
}
