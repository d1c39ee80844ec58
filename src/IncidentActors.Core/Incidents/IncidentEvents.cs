using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Core.Incidents;

/// <param name="Source">Who or what declared it: <c>alertmanager</c>, <c>api</c>, <c>command</c>, <c>atp</c>.</param>
/// <param name="DedupKey">While the incident is ongoing, declaring with the same key gives this incident.</param>
/// <param name="Similar">Knowledge entries and incidents found at declaration, most similar first.</param>
[EventName("incident.declared.v1")]
public sealed record IncidentDeclared(
    string Title, Severity Severity, IncidentCategory Category, string? Description, DateTimeOffset StartedAt, DateTimeOffset DetectedAt,
    ImmutableSortedDictionary<string, string> Labels, string Source, string Commander, ImmutableArray<Responder> Responders, string? DedupKey,
    string? Criterion, ImmutableArray<SimilarIncident> Similar, string? RelatedTo) : IBirth;

[EventName("incident.atp-joined.v1")]
public sealed record IncidentAtpJoined(string AtpId, string Flow) : IEvent;

[EventName("incident.halt-joined.v1")]
public sealed record IncidentHaltJoined(string HaltId) : IEvent;

/// <summary>A halt condition was recognised (seed 003).</summary>
/// <param name="HaltId">The halt of its mode: enforced, or only recorded.</param>
[EventName("incident.condition-met.v1")]
public sealed record IncidentConditionMet(string Condition, HaltMode Mode, string HaltId) : IEvent;

[EventName("incident.alerts-joined.v1")]
public sealed record IncidentAlertsJoined(string? Group, ImmutableArray<AlertSeen> Alerts) : IEvent;

/// <summary>All alerts of the incident have resolved: a suggestion, never a closure.</summary>
[EventName("incident.resolution-suggested.v1")]
public sealed record IncidentResolutionSuggested : IEvent;

[EventName("incident.acknowledged.v1")]
public sealed record IncidentAcknowledged(string? Notes) : IEvent;

[EventName("incident.assessed.v1")]
public sealed record IncidentAssessed(
    string? Broken, string? UsersAffected, string? Since, string? Changed, ImmutableArray<string> Checks) : IEvent;

[EventName("incident.mitigation-started.v1")]
public sealed record IncidentMitigationStarted(string Action, string? Scenario, int? ExpectedMinutes, string? Notes) : IEvent;

[EventName("incident.mitigated.v1")]
public sealed record IncidentMitigated(string? Notes) : IEvent;

/// <param name="Verified">Ticked boxes of the verification checklist (seed 002 §7).</param>
/// <param name="ByArtifact">The PMVerificationReport that stands for the checklist when the emergency ATP closes, or null.</param>
[EventName("incident.resolved.v1")]
public sealed record IncidentResolved(string? Summary, string? Impact, string? Fix, ImmutableArray<string> Verified, string? ByArtifact) : IEvent;

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
/// <param name="Step">1-based step of the escalation that was told.</param>
/// <param name="Chain">The whole escalation, in order.</param>
[EventName("incident.overdue.v1")]
public sealed record IncidentOverdue(string Clock, int Step, ImmutableArray<string> Told, ImmutableArray<string> Chain = default) : IEvent;

/// <summary>The owner overrode the rules, and why (seed 003).</summary>
[EventName("incident.overridden.v1")]
public sealed record IncidentOverridden(string Command, string Reason) : IEvent;
