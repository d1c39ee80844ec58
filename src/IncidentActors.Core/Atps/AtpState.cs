using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Archives;
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

    /// <summary>Further details of the work, by name (<see cref="DetailNames"/>).</summary>
    public ImmutableSortedDictionary<string, string> Details { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>ATPs that this one depends on and that are not finished.</summary>
    public ImmutableArray<string> WaitsFor { get; init; } = [];

    /// <summary>ATPs that depend on this one.</summary>
    public ImmutableArray<string> AwaitedBy { get; init; } = [];

    /// <summary>Who was asked for a part of the work, such as tests, and has not handed the ATP on since.</summary>
    public ImmutableArray<string> Asked { get; init; } = [];

    /// <summary>The latest messages, oldest first, to recognise a message that repeats another.</summary>
    public ImmutableArray<RecentMessage> Recent { get; init; } = [];

    /// <summary>The notice of the closure that its closer sent, or null: none yet.</summary>
    public int? ClosingNotice { get; init; }
    public ImmutableArray<string> Sections { get; init; } = [];
    public ImmutableArray<string> Debt { get; init; } = [];
    public ImmutableSortedDictionary<string, VerifiedGate> Gates { get; init; } = ImmutableSortedDictionary<string, VerifiedGate>.Empty;
    public ImmutableArray<Artifact> Artifacts { get; init; } = [];
    public ImmutableArray<HistoryEntry> History { get; init; } = [];
    public int MessageCount { get; init; }

    /// <summary>Messages that are not acknowledged, by number.</summary>
    public ImmutableSortedDictionary<int, OpenMessage> OpenMessages { get; init; } = ImmutableSortedDictionary<int, OpenMessage>.Empty;
    public ImmutableArray<OwedMessage> Owed { get; init; } = [];

    /// <summary>Everybody to whom a message was sent, in the order of the first one.</summary>
    public ImmutableArray<string> Told { get; init; } = [];
    public ImmutableArray<AtpApproval> Approvals { get; init; } = [];
    public ImmutableArray<FollowUp> FollowUps { get; init; } = [];

    public ImmutableArray<OverrideEntry> Overrides { get; init; } = [];

    /// <summary>How often each clock has rung.</summary>
    public ImmutableSortedDictionary<string, int> Overdue { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>SHA-256 (hex) of what was last handed off, or null.</summary>
    public string? HandedOff { get; init; }

    public Archived? Archived { get; init; }

    /// <summary>The status of every canceled ATP, in every flow.</summary>
    public const string CanceledStatus = "Canceled";

    /// <summary>The status of work that waits for something outside; what it waits for is cleared when it continues.</summary>
    public const string BlockedStatus = "Blocked";

    /// <summary>Messages that <see cref="Recent"/> holds.</summary>
    private const int MaxRecent = 8;

    [JsonIgnore]
    public bool Canceled => Finished && Status == CanceledStatus;

    [JsonIgnore]
    public ActorId Actor => ActorId.Atp(Id);

    public int TimesOverdue(string clock) => Overdue.GetValueOrDefault(clock);

    public string MessageId(int number) => MessageIds.Of(Id, number);

    public static AtpState? Evolve(string id, AtpState? state, RecordedEvent happened) => happened.Event switch
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
            Details = e.From == BlockedStatus && e.To != e.From ? state.Details.RemoveRange(DetailNames.OfBlocker) : state.Details,
            Owed = state.Owed.AddRange(e.Owes),
            History = state.History.Add(new HistoryEntry(
                state.History.Length + 1, e.Row, e.From, e.To, e.Trigger, e.Tool, happened.By, happened.At, e.Notes, e.Automatic, [])),
        },
        AtpFinished => state! with { Finished = true, ClosedAt = happened.At },
        AtpCanceled e => state! with
        {
            Status = CanceledStatus,
            Finished = true,
            ClosedAt = happened.At,
            Owed = [],
            History = state.History.Add(new HistoryEntry(
                state.History.Length + 1, 0, state.Status, CanceledStatus, "Canceled", Tools.Incident, happened.By, happened.At, e.Reason, false, [])),
        },
        AtpOwedWithdrawn e => state! with { Owed = state.Owed.RemoveAll(owed => e.Owed.Contains(owed.Id)) },
        MessageWithdrawn e => state! with { OpenMessages = state.OpenMessages.Remove(e.Number) },
        AtpOwned e => state! with { Owner = e.Owner },
        AtpNoted e => state! with { Notes = e.Notes },
        AtpDetailed e => state! with { Details = state.Details.SetItems(e.Details), DueAt = e.DueAt ?? state.DueAt },
        AtpWaits e => state! with { WaitsFor = e.For },
        AtpAwaited e => state! with { AwaitedBy = state.AwaitedBy.Add(e.By) },
        AtpPriorityChanged e => state! with { Priority = e.To },
        AtpGateVerified e => state! with { Gates = state.Gates.SetItem(e.Gate, new VerifiedGate(happened.By, happened.At, e.Basis)) },
        AtpGateReopened e => state! with { Gates = state.Gates.Remove(e.Gate) },
        AtpArtifactAdded e => state! with
        {
            Artifacts = state.Artifacts.Add(new Artifact(
                e.ArtifactId, e.Type, e.Title, happened.By, happened.At, e.Outcome, e.Persist, e.Content.Length, e.Sections, e.ActionItems,
                state.History.Length, e.Items)),
        },
        MessageSent e => Sent(state!, e, happened),
        MessageAcknowledged e => state! with { OpenMessages = state.OpenMessages.Remove(e.Number) },
        MessageOverdue e => state! with
        {
            OpenMessages = state.OpenMessages.TryGetValue(e.Number, out var open)
                ? state.OpenMessages.SetItem(e.Number, open with { TimesOverdue = e.Times })
                : state.OpenMessages,
        },
        AtpHandedOff e => state! with { HandedOff = e.Content, Owner = e.To, Asked = state.Asked.Remove(e.From) },
        AtpApprovalAsked e => state! with
        {
            Approvals = state.Approvals.Add(new AtpApproval(e.ApprovalId, e.Row, e.Role, AtpApprovalStatus.Open, DecidedBy: null, Automatic: false)),
        },
        AtpApprovalGiven e => state! with
        {
            Approvals = [.. state.Approvals.Select(approval => approval.Id == e.ApprovalId ? approval with { Given = $"{e.Given} of {e.Needed}" } : approval)],
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
        ActorArchived e => state! with { Archived = new Archived(happened.At, e.File) },
        ActorRestored => state! with { Archived = null },
        _ => throw new InvalidOperationException($"an ATP cannot handle the event {happened.Event.GetType().Name}"),
    };

    private static AtpState Sent(AtpState state, MessageSent e, RecordedEvent happened)
    {
        var settled = e.Settles is null ? null : state.Owed.FirstOrDefault(owed => owed.Id == e.Settles);
        return state with
        {
            MessageCount = e.Number,
            OpenMessages = state.OpenMessages.SetItem(
                e.Number, new OpenMessage(e.From, e.To, e.Type, e.Priority, e.RequiresAck, happened.At, 0, settled?.Entry, e.About)),
            Recent = [.. state.Recent.TakeLast(MaxRecent - 1), new RecentMessage(e.Number, e.From, e.To, e.Subject, happened.At)],
            ClosingNotice = state.Finished && e.Settles is null && e.Type == MessageType.HITLNotification && happened.By == e.From
                ? e.Number
                : state.ClosingNotice,
            Asked = MessageTypes.Of(e.Type).Works && !state.Asked.Contains(e.To) ? state.Asked.Add(e.To) : state.Asked,
            Told = state.Told.Contains(e.To) ? state.Told : state.Told.Add(e.To),
            Owed = settled is null ? state.Owed : state.Owed.Remove(settled),
            History = settled is null
                ? state.History
                : [.. state.History.Select(entry => entry.Number == settled.Entry
                    ? entry with { Messages = entry.Messages.Add(state.MessageId(e.Number)) }
                    : entry)],
        };
    }
}
