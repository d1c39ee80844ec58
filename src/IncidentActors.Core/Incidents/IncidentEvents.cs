using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Core.Incidents;

/// <param name="Source">How it was declared: <c>alertmanager</c>, <c>pagerduty</c>, <c>probe</c>, <c>api</c>, <c>command</c>, <c>atp</c>.</param>
/// <param name="DedupKey">While the incident is ongoing, declaring with the same key gives this incident.</param>
/// <param name="Route">Which rules of the routes have made what of it.</param>
/// <param name="Similar">Knowledge entries and incidents found at declaration, most similar first.</param>
[EventName("incident.declared.v1")]
public sealed record IncidentDeclared(
    string Title, Severity Severity, IncidentCategory Category, string? Description, DateTimeOffset StartedAt, DateTimeOffset DetectedAt,
    ImmutableSortedDictionary<string, string> Labels, string Source, string Commander, ImmutableArray<Responder> Responders, string? DedupKey,
    string? Criterion, ImmutableArray<SimilarIncident> Similar, string? RelatedTo,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Route = null) : ICreationEvent;

[EventName("incident.atp-joined.v1")]
public sealed record IncidentAtpJoined(string AtpId, string Flow) : IEvent;

/// <param name="Mode">Mode of a halt that stops nothing (shadow or warn); null: other work is halted.</param>
[EventName("incident.halt-joined.v1")]
public sealed record IncidentHaltJoined(
    string HaltId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HaltMode? Mode = null) : IEvent
{
    /// <summary>Other work is halted.</summary>
    public static IncidentHaltJoined Of(string haltId, HaltMode mode) => new(haltId, mode.IsEnforced() ? null : mode);
}

/// <summary>The category was corrected. Responders, escalation and condition follow the new category.</summary>
/// <param name="Left">Responders of the former category's duty, who are on the incident no more.</param>
/// <param name="Joined">Responders of the new one's.</param>
[EventName("incident.recategorized.v1")]
public sealed record IncidentRecategorized(
    IncidentCategory From, IncidentCategory To, string? Reason, ImmutableArray<string> Left, ImmutableArray<string> Joined, string? Condition) : IEvent;

/// <summary>A halt condition was recognised (seed 003).</summary>
/// <param name="HaltId">The halt of its mode: enforced, or only recorded.</param>
/// <param name="Account">Which rule of the routes recognised it; absent: an earlier version did not say.</param>
[EventName("incident.condition-met.v1")]
public sealed record IncidentConditionMet(
    string Condition, HaltMode Mode, string HaltId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Account = null) : IEvent;

[EventName("incident.alerts-joined.v1")]
public sealed record IncidentAlertsJoined(string? Group, ImmutableArray<AlertSeen> Alerts) : IEvent;

/// <summary>All alerts of the incident have resolved: a suggestion, never a closure.</summary>
[EventName("incident.resolution-suggested.v1")]
public sealed record IncidentResolutionSuggested : IEvent;

[EventName("incident.acknowledged.v1")]
public sealed record IncidentAcknowledged(string? Notes) : IEvent;

/// <param name="StartedAt">The first sign that the assessment names, when it can be read and lies before the detection; UTC.</param>
[EventName("incident.assessed.v1")]
public sealed record IncidentAssessed(
    string? Broken, string? UsersAffected, string? Since, string? Changed, ImmutableArray<string> Checks, DateTimeOffset? StartedAt = null) : IEvent;

/// <summary>What reports link to and name: issue, dashboard, logs, sprint, revenue impact.</summary>
[EventName("incident.labels-set.v1")]
public sealed record IncidentLabelsSet(ImmutableSortedDictionary<string, string> Labels) : IEvent;

/// <summary>A knowledge entry about the incident was written.</summary>
[EventName("incident.knowledge-joined.v1")]
public sealed record IncidentKnowledgeJoined(string EntryId) : IEvent;

[EventName("incident.mitigation-started.v1")]
public sealed record IncidentMitigationStarted(string Action, string? Scenario, int? ExpectedMinutes, string? Notes) : IEvent;

[EventName("incident.mitigated.v1")]
public sealed record IncidentMitigated(string? Notes) : IEvent;

/// <param name="Verified">Ticked boxes of the verification checklist (seed 002 §7).</param>
/// <param name="ByArtifact">The PMVerificationReport that replaces the checklist when the emergency ATP closes, or null.</param>
/// <param name="NoFix">Why no fix was needed; null if one was deployed.</param>
[EventName("incident.resolved.v1")]
public sealed record IncidentResolved(
    string? Summary, string? Impact, string? Fix, ImmutableArray<string> Verified, string? ByArtifact, string? NoFix = null) : IEvent;

/// <summary>The severity was raised to SEV-1, and with it the work.</summary>
/// <param name="AtpId">The emergency ATP that was begun; null if the running one already answers a SEV-1.</param>
/// <param name="HaltId">The halt that was raised; null if another halt of the incident is active.</param>
[EventName("incident.escalated.v1")]
public sealed record IncidentEscalated(string? AtpId, string? HaltId) : IEvent;

/// <summary>The incident's halt has lost its reason, and the policy asks before it is lifted.</summary>
[EventName("incident.halt-lift-asked.v1")]
public sealed record IncidentHaltLiftAsked(string HaltId, string Reason) : IEvent;

[EventName("incident.reopened.v1")]
public sealed record IncidentReopened(string Reason) : IEvent;

/// <param name="Skipped">Success criteria that were not met, with <paramref name="OverrideReason"/>.</param>
[EventName("incident.closed.v1")]
public sealed record IncidentClosed(ImmutableArray<string> Criteria, ImmutableArray<string> Skipped, string? OverrideReason, string? Notes) : IEvent;

[EventName("incident.canceled.v1")]
public sealed record IncidentCanceled(string Reason) : IEvent;

[EventName("incident.noted.v1")]
public sealed record IncidentNoted(string Text) : IEvent;

/// <param name="Refuted">The highest severity that has been lowered, when this lowers one: a declaration that repeats it does not raise it again.</param>
[EventName("incident.severity-changed.v1")]
public sealed record IncidentSeverityChanged(Severity From, Severity To, string? Reason, Severity? Refuted = null) : IEvent;

[EventName("incident.responder-added.v1")]
public sealed record IncidentResponderAdded(Responder Responder) : IEvent;

[EventName("incident.commander-changed.v1")]
public sealed record IncidentCommanderChanged(string From, string To, string? Reason) : IEvent;

/// <summary>A clock of the incident ran out: <c>respond</c>, <c>assess</c> or <c>mitigation</c>.</summary>
/// <param name="Step">1-based step of the escalation that was notified.</param>
/// <param name="Chain">The whole escalation, in order.</param>
[EventName("incident.overdue.v1")]
public sealed record IncidentOverdue(string Clock, int Step, ImmutableArray<string> Told, ImmutableArray<string> Chain = default) : IEvent;

/// <summary>The owner overrode the rules, and why (seed 003).</summary>
[EventName("incident.overridden.v1")]
public sealed record IncidentOverridden(string Command, string Reason) : IEvent;
