using System.Collections.Immutable;

namespace IncidentActors.Engine.Telemetry;

/// <summary>What a journal holds at a moment, counted.</summary>
/// <param name="Incidents">Open incidents by severity 1–4.</param>
/// <param name="Atps">Unfinished ATPs by priority 0–3.</param>
/// <param name="Approvals">Undecided approvals.</param>
/// <param name="EffectsDue">Effects that are due; those parked under a halt are not counted.</param>
/// <param name="OldestDue">Since when the oldest of them has been due, or null.</param>
/// <param name="Unread">Unacknowledged messages by priority 0–3.</param>
public sealed record JournalFigures(
    ImmutableSortedDictionary<int, long> Incidents, ImmutableSortedDictionary<int, long> Atps, long Approvals, long EffectsDue,
    DateTimeOffset? OldestDue, ImmutableSortedDictionary<int, Unread> Unread);

/// <param name="Oldest">When the oldest was sent.</param>
public readonly record struct Unread(long Count, DateTimeOffset Oldest);
