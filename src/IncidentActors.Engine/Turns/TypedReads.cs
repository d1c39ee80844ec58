using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Turns;

/// <summary>Stored documents as the states that they hold.</summary>
public static class TypedReads
{
    /// <exception cref="System.Text.Json.JsonException">The document does not have the shape of the kind's state.</exception>
    /// <exception cref="InvalidCastException">The actor is of another kind.</exception>
    public static T State<T>(this StoredActor stored)
        where T : IActorState => (T)Turns.States.Read(stored.Actor.Kind, stored.Document.Span);

    /// <returns>Null: there is no such actor.</returns>
    public static async Task<T?> StateAsync<T>(this IStoreReader store, ActorId actor, CancellationToken cancel)
        where T : class, IActorState => (await store.LoadAsync(actor, cancel))?.State<T>();

    /// <returns>One page of them.</returns>
    public static async Task<ImmutableArray<T>> StatesAsync<T>(this IStoreReader store, ActorFilter filter, CancellationToken cancel)
        where T : IActorState => [.. (await store.ListAsync(filter, cancel)).States<T>()];

    public static IEnumerable<T> States<T>(this ActorPage page)
        where T : IActorState => page.Actors.Select(State<T>);
}
