using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Turns;

/// <summary>One turn to be taken.</summary>
internal sealed record TurnRequest(ActorId Home, ICommand Command, Call Call)
{
    /// <summary>Reads what the decision needs and cannot ask for by an actor's id, before each attempt and within it: actors that it shows to the
    /// scope are guarded by their versions.</summary>
    public Func<IActorState?, TurnScope, CancellationToken, Task>? Prepare { get; init; }

    /// <summary>The pure decision on the home actor's state and the command, which holds no secret any more (<see cref="Redaction.Redactor"/>).</summary>
    public required Func<IActorState?, World, ICommand, Decision> Decide { get; init; }

    /// <summary>The turn's subject under halts, computed after the decision. Null: exempt from halts.</summary>
    public required Func<IActorState?, World, Decision, Subject?> SubjectOf { get; init; }

    /// <summary>The actor that answers the caller, if not <see cref="Home"/>; the decision changes it too.</summary>
    public ActorId? Answering { get; init; }

    /// <summary>The view that answers the caller, from the answering actor's state after the turn; null if no view is needed.</summary>
    public Func<IActorState?, long, Decision, object?>? Answer { get; init; }

    /// <summary>Part of the request's identity besides command and caller; births have no home to name.</summary>
    public string Identity { get; init; } = "";

    /// <summary>The effect that the turn applies.</summary>
    public Consumption? Consumes { get; init; }
}

/// <summary>What became of a turn: the outcome for the caller, and what only the engine needs to know.</summary>
/// <param name="Consumed">The effect that the turn applies is consumed.</param>
internal sealed record TurnResult(Outcome Outcome, bool Consumed = false);
