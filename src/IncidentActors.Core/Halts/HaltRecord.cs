using System.Collections.Immutable;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Halts;

/// <summary>The part of a scope that has been lifted while the halt as a whole still stands (staged lift).</summary>
public sealed record PartialLift(HaltScope Scope, DateTimeOffset At);

/// <summary>A halt that is or was enforced, as the fence sees it: small, so that every node keeps the active ones in memory.</summary>
/// <param name="Incident">The incident whose own work goes on, or null: nobody's does.</param>
/// <param name="SparesUrgent">Raised by a severity or a condition: the response to another urgent incident goes on too.</param>
/// <param name="RaisedAt">UTC, the time of the commit that raised it.</param>
/// <param name="LiftedAt">UTC, or null: active.</param>
public sealed record HaltRecord(
    string Id,
    HaltScope Scope,
    string Reason,
    string RaisedBy,
    string? Incident,
    bool SparesUrgent,
    DateTimeOffset RaisedAt,
    DateTimeOffset? LiftedAt = null,
    ImmutableArray<PartialLift> Lifts = default)
{
    public ImmutableArray<PartialLift> Lifts { get; init; } = Lifts.IsDefault ? [] : Lifts;

    public bool Active => LiftedAt is null;

    /// <summary>True: no turn of <paramref name="subject"/> may be committed while this halt is active (invariant 4).</summary>
    public bool Covers(Subject subject) => Active && Names(subject) && !Lifts.Any(lift => lift.Scope.Contains(subject));

    /// <summary>How long this halt has kept <paramref name="subject"/>'s clocks standing between two times.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? StoodStill(Subject subject, DateTimeOffset from, DateTimeOffset to)
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

    public HaltNotice Notice() => new(Id, Scope, Reason, RaisedBy, RaisedAt, Incident);

    /// <summary>The operator and the system never come here: their turns have no subject.</summary>
    private bool Names(Subject subject) =>
        Scope.Contains(subject)
        && !(subject.RespondsTo is { } responds && (responds == Incident || (SparesUrgent && subject.Urgent)));
}

/// <summary>What a refused caller is told: which halt, since when, by whom, why.</summary>
public sealed record HaltNotice(string Id, HaltScope Scope, string Reason, string RaisedBy, DateTimeOffset RaisedAt, string? IncidentId);
