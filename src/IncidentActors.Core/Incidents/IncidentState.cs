using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Archives;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Incidents;

public sealed record IncidentState : IActorState
{
    public required string Id { get; init; }
    public required IncidentStatus Status { get; init; }
    public required string Title { get; init; }
    public required Severity Severity { get; init; }
    /// <summary>The highest severity that the commander or the operator has lowered, or null: none.</summary>
    public Severity? Refuted { get; init; }
    public required IncidentCategory Category { get; init; }
    public string? Description { get; init; }
    public required string Commander { get; init; }
    public ImmutableArray<Responder> Responders { get; init; } = [];
    public ImmutableArray<string> Atps { get; init; } = [];
    public ImmutableArray<string> Halts { get; init; } = [];
    /// <summary>Halt conditions that were recognised.</summary>
    public ImmutableArray<string> Conditions { get; init; } = [];
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    public required string Source { get; init; }
    public string? DedupKey { get; init; }
    public string? Criterion { get; init; }
    public string? RelatedTo { get; init; }

    /// <summary>Which rules of the routes have made what of it, or null.</summary>
    public string? Route { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset DetectedAt { get; init; }
    public required DateTimeOffset DeclaredAt { get; init; }
    public DateTimeOffset? AcknowledgedAt { get; init; }
    public DateTimeOffset? MitigatedAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public ImmutableArray<SimilarIncident> Similar { get; init; } = [];
    public ImmutableSortedDictionary<string, AlertSeen> Alerts { get; init; } = ImmutableSortedDictionary<string, AlertSeen>.Empty;
    public ImmutableArray<string> AlertGroups { get; init; } = [];
    public bool ResolutionSuggested { get; init; }
    public Assessment? Assessment { get; init; }
    public ImmutableArray<Mitigation> Mitigations { get; init; } = [];
    public string? Impact { get; init; }
    public string? Fix { get; init; }

    /// <summary>Why the incident was over without a fix, or null.</summary>
    public string? NoFix { get; init; }
    public DateTimeOffset? ReopenedAt { get; init; }

    /// <summary>It was reopened and has not been acknowledged since.</summary>
    public bool ReopenedUnanswered { get; init; }

    /// <summary>Knowledge entries about it.</summary>
    public ImmutableArray<string> Knowledge { get; init; } = [];

    /// <summary>The emergency ATP that raising the severity began, or null.</summary>
    public string? EscalatedAtp { get; init; }

    /// <summary>Escalation steps of each clock whose recipients have been notified.</summary>
    public ImmutableSortedDictionary<string, int> Overdue { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>The progress of each escalation, by clock.</summary>
    public ImmutableSortedDictionary<string, EscalationPosition> Escalations { get; init; } = ImmutableSortedDictionary<string, EscalationPosition>.Empty;

    public ImmutableArray<RunbookRun> Runs { get; init; } = [];

    public Archived? Archived { get; init; }

    /// <summary>Not closed and not canceled.</summary>
    [JsonIgnore]
    public bool Open => Status is not (IncidentStatus.Closed or IncidentStatus.Canceled);

    /// <summary>It has not been acknowledged, or not since it was reopened.</summary>
    [JsonIgnore]
    public bool Unanswered => AcknowledgedAt is null || ReopenedUnanswered;

    /// <summary>Ongoing and SEV-1 or SEV-2: another incident's severity does not stop the response to it (decision 0003).</summary>
    [JsonIgnore]
    public bool Urgent => Status.IsOngoing() && Severity <= Severity.Sev2;

    public bool Has(string handle) => Commander == handle || Responders.Any(responder => responder.Handle == handle);

    /// <summary>Names that belong to this incident and to no other as long as it is ongoing: its keys for deduplication.</summary>
    public IEnumerable<string> Claims()
    {
        if (!Status.IsOngoing()) yield break;
        if (DedupKey is not null) yield return DedupClaim(DedupKey);
        foreach (var group in AlertGroups) yield return GroupClaim(group);
        foreach (var fingerprint in Alerts.Keys) yield return AlertClaim(fingerprint);
    }

    public static string DedupClaim(string key) => "dedup:" + key;
    public static string GroupClaim(string group) => "alert-group:" + group;
    public static string AlertClaim(string fingerprint) => "alert:" + fingerprint;

    public static IncidentState? Evolve(string id, IncidentState? state, RecordedEvent happened) => happened.Event switch
    {
        IncidentDeclared e => new IncidentState
        {
            Id = id,
            Status = IncidentStatus.Declared,
            Title = e.Title,
            Severity = e.Severity,
            Category = e.Category,
            Description = e.Description,
            Commander = e.Commander,
            Responders = e.Responders,
            Labels = e.Labels,
            Source = e.Source,
            DedupKey = e.DedupKey,
            Criterion = e.Criterion,
            RelatedTo = e.RelatedTo,
            Route = e.Route,
            StartedAt = e.StartedAt,
            DetectedAt = e.DetectedAt,
            DeclaredAt = happened.At,
            Similar = e.Similar,
        },
        IncidentAtpJoined e => state! with { Atps = state.Atps.Add(e.AtpId) },
        IncidentHaltJoined e => state! with { Halts = state.Halts.Add(e.HaltId) },
        IncidentConditionMet e => state! with { Conditions = state.Conditions.Add(e.Condition) },
        IncidentRecategorized e => Recategorization.Evolve(state!, e),
        IncidentAlertsJoined e => state! with
        {
            Alerts = state.Alerts.SetItems(e.Alerts.Select(alert => KeyValuePair.Create(alert.Fingerprint, alert))),
            AlertGroups = e.Group is null || state.AlertGroups.Contains(e.Group) ? state.AlertGroups : state.AlertGroups.Add(e.Group),
            ResolutionSuggested = state.ResolutionSuggested && e.Alerts.All(alert => alert.Status == AlertStatus.Resolved),
        },
        IncidentResolutionSuggested => state! with { ResolutionSuggested = true },
        IncidentAcknowledged => state! with { AcknowledgedAt = state.AcknowledgedAt ?? happened.At, ReopenedUnanswered = false },
        IncidentAssessed e => state! with
        {
            Assessment = Assessment.Of(state.Assessment, e, happened.At, happened.By),
            StartedAt = e.StartedAt < state.StartedAt ? e.StartedAt.Value : state.StartedAt,
            Status = state.Status == IncidentStatus.Declared ? IncidentStatus.Assessing : state.Status,
        },
        IncidentMitigationStarted e => state! with
        {
            Mitigations = state.Mitigations.Add(new Mitigation(e.Action, e.Scenario, e.ExpectedMinutes, happened.At, happened.By, null)),
            Status = IncidentStatus.Mitigating,
        },
        IncidentMitigated => state! with
        {
            MitigatedAt = state.MitigatedAt ?? happened.At,
            Status = IncidentStatus.Monitoring,
            Mitigations = [.. state.Mitigations.Select(mitigation => mitigation.DoneAt is null ? mitigation with { DoneAt = happened.At } : mitigation)],
        },
        IncidentResolved e => state! with
        {
            Status = IncidentStatus.Resolved,
            MitigatedAt = state.MitigatedAt ?? happened.At,
            ResolvedAt = happened.At,
            Impact = e.Impact ?? state.Impact,
            Fix = e.Fix ?? state.Fix,
            NoFix = e.NoFix,
        },
        IncidentReopened => state! with
        {
            Status = IncidentStatus.Assessing,
            ResolvedAt = null,
            MitigatedAt = null,
            ResolutionSuggested = false,
            NoFix = null,
            ReopenedAt = happened.At,
            ReopenedUnanswered = true,
        },
        IncidentLabelsSet e => state! with { Labels = state.Labels.SetItems(e.Labels) },
        IncidentKnowledgeJoined e => state! with { Knowledge = state.Knowledge.Contains(e.EntryId) ? state.Knowledge : state.Knowledge.Add(e.EntryId) },
        IncidentEscalated e => state! with { EscalatedAtp = e.AtpId ?? state.EscalatedAtp },
        IncidentHaltLiftAsked => state!,
        IncidentClosed => state! with { Status = IncidentStatus.Closed, ClosedAt = happened.At },
        IncidentCanceled => state! with { Status = IncidentStatus.Canceled, ClosedAt = happened.At },
        IncidentNoted => state,
        IncidentSeverityChanged e => state! with
        {
            Severity = e.To,
            Refuted = e.Refuted ?? state.Refuted,
            EscalatedAtp = e.To == Severity.Sev1 ? state.EscalatedAtp : null,
        },
        IncidentResponderAdded e => state! with { Responders = state.Responders.Add(e.Responder) },
        IncidentCommanderChanged e => state! with { Commander = e.To },
        IncidentOverdue e => state! with
        {
            Overdue = state.Overdue.SetItem(e.Clock, e.Step),
            Escalations = state.Escalations.SetItem(
                e.Clock, new EscalationPosition(e.Clock, e.Step, e.Chain.IsDefault ? e.Told : e.Chain, e.Told, happened.At)),
        },
        IncidentOverridden => state,
        RunbookProposed or RunbookApprovalGiven or RunbookDecided or RunbookStarted or RunbookFinished =>
            state! with { Runs = RunbookRuns.Evolve(state.Runs, happened) },
        ActorArchived e => state! with { Archived = new Archived(happened.At, e.File) },
        ActorRestored => state! with { Archived = null },
        _ => throw new InvalidOperationException($"an incident cannot handle the event {happened.Event.GetType().Name}"),
    };
}
