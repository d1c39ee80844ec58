using System.Collections.Immutable;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Halts;

/// <summary>The part of a scope that has been lifted while the rest of the halt is still active (staged lift).</summary>
public sealed record PartialLift(HaltScope Scope, DateTimeOffset At);

/// <summary>A halt that is or was enforced, as the fence sees it: small, so that every node keeps the active ones in memory.</summary>
/// <param name="Incident">Work on this incident continues; null if the halt spares no incident.</param>
/// <param name="SparesUrgent">Raised by a severity or a condition: the response to other urgent incidents continues too.</param>
/// <param name="RaisedAt">UTC, the time of the commit that raised it.</param>
/// <param name="LiftedAt">UTC; null while active.</param>
/// <param name="BriefingRequired">True: agents that it covered acknowledge what changed before their first turn.</param>
public sealed record HaltRecord(
    string Id,
    HaltScope Scope,
    string Reason,
    string RaisedBy,
    string? Incident,
    bool SparesUrgent,
    DateTimeOffset RaisedAt,
    DateTimeOffset? LiftedAt = null,
    ImmutableArray<PartialLift> Lifts = default,
    HaltMode Mode = HaltMode.Enforce,
    bool? BriefingRequired = null)
{
    public ImmutableArray<PartialLift> Lifts { get; init; } = Lifts.IsDefault ? [] : Lifts;

    public bool Active => LiftedAt is null;

    /// <summary>Whether no turn of <paramref name="subject"/> may be committed while this halt is active.</summary>
    /// <param name="subject">Null is exempt.</param>
    public bool Covers(Subject? subject) => Active && subject is not null && Names(subject) && !Lifts.Any(lift => lift.Scope.Contains(subject));

    /// <summary>The interval between two times in which this halt paused <paramref name="subject"/>'s clocks; null if it did not.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? PausedInterval(Subject subject, DateTimeOffset from, DateTimeOffset to)
    {
        if (!Names(subject)) return null;
        var end = LiftedAt ?? to;
        foreach (var lift in Lifts)
        {
            if (lift.Scope.Contains(subject) && lift.At < end) end = lift.At;
        }

        var start = RaisedAt > from ? RaisedAt : from;
        if (end > to) end = to;
        return start < end ? (start, end) : null;
    }

    /// <summary>True if it covered <paramref name="subject"/> when it was raised, regardless of later lifts.</summary>
    public bool CoveredWhenRaised(Subject subject) => Names(subject);

    public HaltNotice Notice() => new(Id, Scope, Reason, RaisedBy, RaisedAt, Incident);

    private bool Names(Subject subject) =>
        Reaches(subject)
        && Scope.Contains(subject)
        && !(subject.RespondsTo is { } responds && (responds == Incident || (SparesUrgent && subject.Urgent)));

    private bool Reaches(Subject subject) => Mode switch
    {
        HaltMode.Outside => subject.Action is not null,
        HaltMode.ReadOnly => !subject.Reads,
        _ => true,
    };
}

/// <summary>The answer to a refused caller: which halt, since when, by whom, why.</summary>
public sealed record HaltNotice(string Id, HaltScope Scope, string Reason, string RaisedBy, DateTimeOffset RaisedAt, string? IncidentId);
