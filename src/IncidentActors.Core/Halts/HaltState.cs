using System.Collections.Immutable;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Halts;

public sealed record HaltState(
    string Id,
    HaltScope Scope,
    string Reason,
    string? Condition,
    string? IncidentId,
    HaltMode Mode,
    bool SparesUrgent,
    string? Commander,
    string RaisedBy,
    DateTimeOffset RaisedAt,
    DateTimeOffset? LiftedAt,
    string? LiftedBy,
    ImmutableArray<PartialLift> Lifts) : IActorState
{
    /// <summary>Steps of the escalation of a halt that stays active past its review time.</summary>
    public int TimesOverdue { get; init; }

    /// <summary>After the lift each covered agent acknowledges what changed before its first turn.</summary>
    public bool? BriefingRequired { get; init; }

    /// <summary>What the fence enforces; null under shadow and warn, which stop nothing.</summary>
    public HaltRecord? Record() => Mode.IsEnforced() ? IfEnforced() : null;

    /// <summary>What would be enforced: shows what a halt in shadow or warn mode would stop.</summary>
    public HaltRecord IfEnforced() => new(
        Id, Scope, Reason, RaisedBy, IncidentId, SparesUrgent, RaisedAt, LiftedAt, Lifts, Mode.IsEnforced() ? Mode : HaltMode.Enforce, BriefingRequired);

    public static HaltState? Evolve(string id, HaltState? state, RecordedEvent happened) => happened.Event switch
    {
        HaltRaised e => new HaltState(
            id, e.Scope, e.Reason, e.Condition, e.IncidentId, e.Mode, e.SparesUrgent, e.Commander, happened.By, happened.At, null, null, [])
        {
            BriefingRequired = e.BriefingRequired,
        },
        HaltLiftedPartly e => state! with { Lifts = state.Lifts.Add(new PartialLift(e.Scope, happened.At)) },
        HaltOverridden => state!,
        HaltOverdue e => state! with { TimesOverdue = e.Times },
        HaltLifted => state! with { LiftedAt = happened.At, LiftedBy = happened.By },
        _ => throw new InvalidOperationException($"a halt cannot handle the event {happened.Event.GetType().Name}"),
    };
}
