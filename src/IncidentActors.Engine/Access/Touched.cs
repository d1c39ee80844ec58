using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Engine.Access;

/// <summary>One target that a command changes: an actor, a halt's scope, or what all teams share.</summary>
public readonly record struct Touched
{
    private Touched(ActorId? actor, HaltScope? scope)
    {
        Actor = actor;
        Scope = scope;
    }

    public ActorId? Actor { get; }

    /// <summary>The scope of a halt that the command raises or lifts.</summary>
    public HaltScope? Scope { get; }

    /// <summary>Belongs to every team, so no team's token may change it.</summary>
    public static Touched Shared => default;

    public static Touched Of(HaltScope scope) => new(null, scope);

    public static implicit operator Touched(ActorId actor) => new(actor, null);

    /// <summary>The actor, where the command names one.</summary>
    public static IEnumerable<Touched> Named(string? id, Func<string, ActorId> kind) => id is null ? [] : [kind(id)];
}
