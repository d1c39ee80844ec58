using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Turns;

/// <summary>One turn to be taken.</summary>
internal sealed record TurnRequest(ActorId Home, ICommand Command, Call Call)
{
    /// <summary>The pure decision on the home actor's state.</summary>
    public required Func<IActorState?, World, Decision> Decide { get; init; }

    /// <summary>Whom the turn stands for; called after the decision. Null: exempt from halts.</summary>
    public required Func<IActorState?, World, Decision, Subject?> SubjectOf { get; init; }

    /// <summary>The actor whose state answers the caller where it is not <see cref="Home"/>: one that the decision changes with it.</summary>
    public ActorId? Answering { get; init; }

    /// <summary>The view that answers the caller, from the answering actor's state after the turn; null: nobody reads one.</summary>
    public Func<IActorState?, long, Decision, object?>? Answer { get; init; }

    /// <summary>Part of the request's identity besides command and caller; births have no home to name.</summary>
    public string Identity { get; init; } = "";

    /// <summary>What the caller asked for, when that led to another command; the idempotency key holds for it.</summary>
    public ICommand? Asked { get; init; }

    /// <summary>The effect that the turn applies.</summary>
    public Consumption? Consumes { get; init; }

    /// <summary>Actors that the decision surely looks at.</summary>
    public ImmutableArray<ActorId> Hints { get; init; } = [];
}

/// <summary>What became of a turn: the outcome for the caller, and what only the engine needs to know.</summary>
/// <param name="Taken">A claimed name that belongs to another actor: the caller should go there.</param>
/// <param name="Fenced">The halt that covers the turn.</param>
internal sealed record TurnResult(Outcome Outcome, ClaimTaken? Taken = null, Core.Halts.HaltRecord? Fenced = null, bool Consumed = false);
