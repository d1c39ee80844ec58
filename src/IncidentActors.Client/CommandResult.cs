using System.Diagnostics.CodeAnalysis;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Client;

/// <summary>
/// The known outcome of a command: its value, or the rule that refused it. An outcome that stays unknown is an <see cref="UnknownOutcomeException"/>.
/// </summary>
public sealed record CommandResult<T>
    where T : class
{
    internal CommandResult(string key, T? value, Rejected? refusal, bool replayed) =>
        (Key, Value, Refusal, Replayed) = (key, value, refusal, replayed);

    /// <summary>The idempotency key under which it was sent.</summary>
    public string Key { get; }

    /// <summary>Null if it was refused.</summary>
    public T? Value { get; }

    /// <summary>Rule id, sentence, and what meets the rule (<see cref="Rejected.Next"/>); nothing changed. Null if it was accepted.</summary>
    public Rejected? Refusal { get; }

    /// <summary>An earlier attempt with the same key was applied: this is its answer.</summary>
    public bool Replayed { get; }

    /// <summary>The command is applied, durable and visible to the next reader.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Refusal is null;
}
