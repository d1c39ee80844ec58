using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Archives;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Incidents;

/// <summary>An incident as callers see it.</summary>
public sealed record IncidentView
{
    public required string Id { get; init; }
    public required long Version { get; init; }
    public required IncidentStatus Status { get; init; }
    public required Severity Severity { get; init; }
    public required IncidentCategory Category { get; init; }
    public required string Title { get; init; }
    public required string? Description { get; init; }
    public required string Commander { get; init; }
    public required ImmutableArray<Responder> Responders { get; init; }
    public required ImmutableArray<string> Atps { get; init; }
    public required ImmutableArray<string> Halts { get; init; }
    public required ImmutableArray<string> Conditions { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset DetectedAt { get; init; }
    public required DateTimeOffset DeclaredAt { get; init; }
    public required DateTimeOffset? AcknowledgedAt { get; init; }
    public required DateTimeOffset? MitigatedAt { get; init; }
    public required DateTimeOffset? ResolvedAt { get; init; }
    public required DateTimeOffset? ClosedAt { get; init; }
    public required ImmutableArray<SimilarIncident> Similar { get; init; }
    public required ImmutableSortedDictionary<string, string> Labels { get; init; }
    public required string Source { get; init; }
    public required string? DedupKey { get; init; }

    /// <summary>The SEV-1 criterion that its labels met, or null.</summary>
    public required string? Criterion { get; init; }
    public required string? RelatedTo { get; init; }

    /// <summary>Which rules of the routes have made what of it; absent: none was asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Route { get; init; }
    public required ImmutableArray<AlertSeen> Alerts { get; init; }

    /// <summary>All its alerts have resolved: somebody should verify and resolve.</summary>
    public required bool ResolutionSuggested { get; init; }
    public required Assessment? Assessment { get; init; }
    public required ImmutableArray<Mitigation> Mitigations { get; init; }
    /// <summary>Clocks that ran out: who has been notified, and who is next.</summary>
    public required ImmutableArray<EscalationPosition> Escalations { get; init; }
    public ImmutableArray<RunbookRun> Runs { get; init; } = [];
    public required string? Impact { get; init; }
    public required string? Fix { get; init; }

    /// <summary>When its history was archived, and in which file; absent: it is in the journal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Archived? Archived { get; init; }

    /// <summary>On the answer to a declaration: false when an ongoing incident with the same key was given instead.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Created { get; init; }

    public static IncidentView Of(IncidentState state, long version) => new()
    {
        Id = state.Id,
        Version = version,
        Status = state.Status,
        Severity = state.Severity,
        Category = state.Category,
        Title = state.Title,
        Description = state.Description,
        Commander = state.Commander,
        Responders = state.Responders,
        Atps = state.Atps,
        Halts = state.Halts,
        Conditions = state.Conditions,
        StartedAt = state.StartedAt,
        DetectedAt = state.DetectedAt,
        DeclaredAt = state.DeclaredAt,
        AcknowledgedAt = state.AcknowledgedAt,
        MitigatedAt = state.MitigatedAt,
        ResolvedAt = state.ResolvedAt,
        ClosedAt = state.ClosedAt,
        Similar = state.Similar,
        Labels = state.Labels,
        Source = state.Source,
        DedupKey = state.DedupKey,
        Criterion = state.Criterion,
        RelatedTo = state.RelatedTo,
        Route = state.Route,
        Alerts = [.. state.Alerts.Values],
        ResolutionSuggested = state.ResolutionSuggested,
        Assessment = state.Assessment,
        Mitigations = state.Mitigations,
        Escalations = [.. state.Escalations.Values],
        Runs = state.Runs,
        Impact = state.Impact,
        Fix = state.Fix,
        Archived = state.Archived,
    };
}
