using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Atps;

public sealed record AtpState : IActorState
{
    public required string Id { get; init; }
    public required string Title { get; init; }
    public required string Type { get; init; }
    public required string Flow { get; init; }
    public required int FlowVersion { get; init; }

    /// <summary>A state of the flow; empty only between creation and the first row, within one decision.</summary>
    public string Status { get; init; } = "";
    public bool Finished { get; init; }
    public Priority Priority { get; init; }
    public bool Urgent { get; init; }
    public string? IncidentId { get; init; }
    public string? ParentAtpId { get; init; }
    public string? Owner { get; init; }
    public string? Notes { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When work last began on it: the order in which an agent finds set-aside work again.</summary>
    public DateTimeOffset? WorkedSince { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public ImmutableArray<string> Sections { get; init; } = [];
    public ImmutableArray<string> Debt { get; init; } = [];
    public ImmutableSortedDictionary<string, VerifiedGate> Gates { get; init; } = ImmutableSortedDictionary<string, VerifiedGate>.Empty;
    public ImmutableArray<Artifact> Artifacts { get; init; } = [];
    public ImmutableArray<HistoryEntry> History { get; init; } = [];
    public int MessageCount { get; init; }

    /// <summary>Messages that nobody has acknowledged, by number.</summary>
    public ImmutableSortedDictionary<int, OpenMessage> OpenMessages { get; init; } = ImmutableSortedDictionary<int, OpenMessage>.Empty;
    public ImmutableArray<OwedMessage> Owed { get; init; } = [];
    public ImmutableArray<AtpApproval> Approvals { get; init; } = [];
    public ImmutableArray<FollowUp> FollowUps { get; init; } = [];

    public ImmutableArray<OverrideEntry> Overrides { get; init; } = [];

    /// <summary>How often each clock has rung.</summary>
    public ImmutableSortedDictionary<string, int> Overdue { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>SHA-256 (hex) of what was last handed off, or null.</summary>
    public string? HandedOff { get; init; }

    [JsonIgnore]
    public ActorId Actor => ActorId.Atp(Id);

    public int TimesOverdue(string clock) => Overdue.GetValueOrDefault(clock);

    public string MessageId(int number) => MessageIds.Of(Id, number);

    public static AtpState? Evolve(string id, AtpState? state, Happened happened) => happened.Event switch
    {
        AtpCreated e => new AtpState
        {
            Id = id,
            Title = e.Title,
            Type = e.Type,
            Flow = e.Flow,
            FlowVersion = e.FlowVersion,
            Priority = e.Priority,
            Urgent = e.Urgent,
            IncidentId = e.IncidentId,
            ParentAtpId = e.ParentAtpId,
            Owner = e.Owner,
            Notes = e.Notes,
            DueAt = e.DueAt,
            Sections = e.Sections,
            Debt = e.Debt,
            CreatedBy = happened.By,
            CreatedAt = happened.At,
        },
        AtpMoved e => state! with
        {
            Status = e.To,
            WorkedSince = e.From == e.To ? state.WorkedSince : happened.At,
            Owed = state.Owed.AddRange(e.Owes),
            History = state.History.Add(new HistoryEntry(
                state.History.Length + 1, e.Row, e.From, e.To, e.Trigger, e.Tool, happened.By, happened.At, e.Notes, e.Automatic, [])),
        },
        AtpFinished => state! with { Finished = true, ClosedAt = happened.At },
        AtpOwned e => state! with { Owner = e.Owner },
        AtpNoted e => state! with { Notes = e.Notes },
        AtpPriorityChanged e => state! with { Priority = e.To },
        AtpGateVerified e => state! with { Gates = state.Gates.SetItem(e.Gate, new VerifiedGate(happened.By, happened.At, e.Basis)) },
        AtpGateReopened e => state! with { Gates = state.Gates.Remove(e.Gate) },
        AtpArtifactAdded e => state! with
        {
            Artifacts = state.Artifacts.Add(new Artifact(
                e.ArtifactId, e.Type, e.Title, happened.By, happened.At, e.Outcome, e.Persist, e.Content.Length, e.Sections, e.ActionItems,
                state.History.Length)),
        },
        MessageSent e => Sent(state!, e, happened),
        MessageAcknowledged e => state! with { OpenMessages = state.OpenMessages.Remove(e.Number) },
        MessageOverdue e => state! with
        {
            OpenMessages = state.OpenMessages.TryGetValue(e.Number, out var open)
                ? state.OpenMessages.SetItem(e.Number, open with { TimesOverdue = e.Times })
                : state.OpenMessages,
        },
        AtpHandedOff e => state! with { HandedOff = e.Content, Owner = e.To },
        AtpApprovalAsked e => state! with
        {
            Approvals = state.Approvals.Add(new AtpApproval(e.ApprovalId, e.Row, e.Role, AtpApprovalStatus.Open, DecidedBy: null, Automatic: false)),
        },
        AtpApprovalSettled e => state! with
        {
            Approvals = [.. state.Approvals.Select(approval => approval.Id == e.ApprovalId
                ? approval with { Status = e.Status, DecidedBy = e.By, Automatic = e.Automatic }
                : approval)],
        },
        AtpFollowUpCreated e => state! with
        {
            FollowUps = state.FollowUps.Add(new FollowUp(e.Row, e.AtpId, e.Type)),
            Owed = state.Owed.AddRange(e.Owes),
            History = state.History.Add(new HistoryEntry(
                state.History.Length + 1, e.Row, e.From, e.To, e.Trigger, Tools.Create, happened.By, happened.At, e.AtpId, true, [])),
        },
        AtpOverridden e => state! with { Overrides = state.Overrides.Add(new OverrideEntry(e.Command, e.Reason, e.Bypassed, happened.By, happened.At)) },
        AtpOverdue e => state! with { Overdue = state.Overdue.SetItem(e.Clock, e.Times) },
        _ => throw new InvalidOperationException($"an ATP has no event {happened.Event.GetType().Name}"),
    };

    private static AtpState Sent(AtpState state, MessageSent e, Happened happened)
    {
        var settled = e.Settles is null ? null : state.Owed.FirstOrDefault(owed => owed.Id == e.Settles);
        return state with
        {
            MessageCount = e.Number,
            OpenMessages = state.OpenMessages.SetItem(e.Number, new OpenMessage(e.From, e.To, e.Type, e.Priority, e.RequiresAck, happened.At, 0)),
            Owed = settled is null ? state.Owed : state.Owed.Remove(settled),
            History = settled is null
                ? state.History
                : [.. state.History.Select(entry => entry.Number == settled.Entry
                    ? entry with { Messages = entry.Messages.Add(state.MessageId(e.Number)) }
                    : entry)],
        };
    }
}
