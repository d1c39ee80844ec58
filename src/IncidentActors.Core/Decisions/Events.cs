using IncidentActors.Core.Archives;

namespace IncidentActors.Core.Decisions;

/// <summary>Something that happened to one actor. Its name and shape on disk are literal and versioned (<see cref="EventNameAttribute"/>).</summary>
public interface IEvent;

/// <summary>
/// The first event of an actor; it must not exist yet. Ids are made from
/// random seeds: a turn that meets a taken one is decided again with another.
/// </summary>
public interface ICreationEvent : IEvent;

/// <summary>The state of one actor: the fold of its events, serialised as the actor's document after every turn.</summary>
public interface IActorState
{
    /// <summary>Where the events are, if they were archived: no command changes the actor then.</summary>
    Archived? Archived => null;
}

/// <summary>The literal name under which an event is stored for ever: <c>incident.declared.v1</c>. Never changed; a new shape gets a new version.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EventNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>An event with when and by whom: what <c>evolve</c> sees.</summary>
/// <param name="At">UTC.</param>
/// <param name="By">A handle, or <c>@system</c>.</param>
public readonly record struct RecordedEvent(IEvent Event, DateTimeOffset At, string By);
