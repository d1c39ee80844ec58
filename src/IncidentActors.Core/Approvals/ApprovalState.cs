using System.Collections.Immutable;
using IncidentActors.Core.Archives;
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
    /// <summary>How many different persons must approve; null: one.</summary>
    public int? Approvers { get; init; }

    /// <summary>Maximum age of the approver's sign-in; null if the age does not matter.</summary>
    public TimeSpan? SignedInWithin { get; init; }

    /// <summary>Who has approved while others must, too; null: nobody has.</summary>
    public ImmutableArray<GivenApproval>? Given { get; init; }

    /// <summary>Who delegated the decision to <see cref="DecidedBy"/>, or null.</summary>
    public string? DecidedFor { get; init; }

    public Archived? Archived { get; init; }

    public static ApprovalState? Evolve(string id, ApprovalState? state, RecordedEvent happened) => happened.Event switch
    {
        ApprovalRequested e => new ApprovalState(
            id, ApprovalStatus.Open, e.AtpId, e.IncidentId, e.Row, e.Question, e.Options, e.Evidence, e.Recommendation, e.Role, e.AskedBy,
            happened.At, e.Due, e.OnTimeout, e.VerifiesGates, e.Content, null, null, null, null, false, 0)
        {
            Approvers = e.Approvers,
            SignedInWithin = e.SignedInWithin,
        },
        ApprovalGiven e => state! with
        {
            Given = [.. state.Given ?? [], new GivenApproval(happened.By, e.For, happened.At, e.Option, e.Note, e.OpenGates)],
        },
        ApprovalDecided e => state! with
        {
            Status = e.Approved ? ApprovalStatus.Approved : ApprovalStatus.Rejected,
            DecidedBy = happened.By,
            DecidedAt = happened.At,
            Option = e.Option,
            Note = e.Note,
            Automatic = e.Automatic,
            DecidedFor = e.For,
        },
        ApprovalOverdue e => state! with { TimesOverdue = e.Times },
        ApprovalVoided e => state! with { Status = ApprovalStatus.Voided, DecidedAt = happened.At, DecidedBy = happened.By, Note = e.Reason },
        ActorArchived e => state! with { Archived = new Archived(happened.At, e.File) },
        ActorRestored => state! with { Archived = null },
        _ => throw new InvalidOperationException($"an approval cannot handle the event {happened.Event.GetType().Name}"),
    };
}

/// <param name="For">Who delegated the decision to <paramref name="By"/>, or null.</param>
public sealed record GivenApproval(string By, string? For, DateTimeOffset At, string? Option, string? Note, ImmutableArray<string> OpenGates);
