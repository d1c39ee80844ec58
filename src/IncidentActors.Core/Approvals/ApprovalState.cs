using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Approvals;

public sealed record ApprovalState(
    string Id,
    ApprovalStatus Status,
    string AtpId,
    string? IncidentId,
    int Row,
    string Question,
    ImmutableArray<ApprovalOption> Options,
    string? Evidence,
    string? Recommendation,
    string Role,
    string AskedBy,
    DateTimeOffset AskedAt,
    DateTimeOffset Due,
    ApprovalTimeout OnTimeout,
    bool VerifiesGates,
    string Content,
    string? DecidedBy,
    DateTimeOffset? DecidedAt,
    string? Option,
    string? Note,
    bool Automatic,
    int TimesOverdue) : IActorState
{
    public static ApprovalState? Evolve(string id, ApprovalState? state, Happened happened) => happened.Event switch
    {
        ApprovalRequested e => new ApprovalState(
            id, ApprovalStatus.Open, e.AtpId, e.IncidentId, e.Row, e.Question, e.Options, e.Evidence, e.Recommendation, e.Role, e.AskedBy,
            happened.At, e.Due, e.OnTimeout, e.VerifiesGates, e.Content, null, null, null, null, false, 0),
        ApprovalDecided e => state! with
        {
            Status = e.Approved ? ApprovalStatus.Approved : ApprovalStatus.Rejected,
            DecidedBy = happened.By,
            DecidedAt = happened.At,
            Option = e.Option,
            Note = e.Note,
            Automatic = e.Automatic,
        },
        ApprovalOverdue e => state! with { TimesOverdue = e.Times },
        ApprovalVoided e => state! with { Status = ApprovalStatus.Voided, DecidedAt = happened.At, DecidedBy = happened.By, Note = e.Reason },
        _ => throw new InvalidOperationException($"an approval has no event {happened.Event.GetType().Name}"),
    };
}
