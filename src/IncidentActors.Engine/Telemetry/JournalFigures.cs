using System.Collections.Immutable;

namespace IncidentActors.Engine.Telemetry;

/// <summary>What a journal holds at a moment, counted.</summary>
/// <param name="Incidents">Open incidents by severity 1–4.</param>
/// <param name="Atps">Unfinished ATPs by priority 0–3.</param>
/// <param name="Approvals">Undecided approvals.</param>
/// <param name="EffectsDue">Effects that are due; those parked under a halt are not counted.</param>
/// <param name="OldestDue">Since when the oldest of them has been due, or null: there is none.</param>
/// <param name="Unread">Unacknowledged messages by priority 0–3.</param>
public sealed record JournalFigures(
    ImmutableSortedDictionary<int, long> Incidents, ImmutableSortedDictionary<int, long> Atps, long Approvals, long EffectsDue,
    DateTimeOffset? OldestDue, ImmutableSortedDictionary<int, Unread> Unread);

/// <param name="Oldest">When the oldest was sent.</param>
public readonly record struct Unread(long Count, DateTimeOffset Oldest);

/// <summary>Counts what a journal holds, for people and their alerts; nothing is decided on it.</summary>
/// <remarks>Throws <see cref="Journals.JournalUnavailableException"/> when the store cannot be reached.</remarks>
public interface IJournalFigures
{
    /// <summary>OpenTelemetry's name of the store, <c>db.system.name</c>: <c>sqlite</c>, <c>postgresql</c>.</summary>
    string System { get; }

    /// <summary>Costs a walk over the indexes of what is open, not over histories.</summary>
    Task<JournalFigures> FiguresAsync(DateTimeOffset now, CancellationToken cancel);
}
