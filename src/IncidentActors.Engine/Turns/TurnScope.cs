using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Knowledge;

namespace IncidentActors.Engine.Turns;

/// <summary>
/// What one attempt at a turn has looked at. A decision that looks at an actor which is not loaded yet is interrupted, the actor is
/// loaded, and the decision is made again: it is pure, so nothing is lost. The same goes for a search of the knowledge base.
/// </summary>
internal sealed class TurnScope(IJournal journal, StateCache cache) : IActors
{
    private readonly Dictionary<ActorId, Known> seen = [];
    private readonly Dictionary<string, ImmutableArray<SimilarIncident>> similar = [];

    public IReadOnlyDictionary<ActorId, Known> Seen => seen;

    IActorState? IActors.Get(ActorId actor)
    {
        if (seen.TryGetValue(actor, out var known)) return known.State;
        if (!cache.TryGet(actor, out known)) throw new NotLoadedException(actor);
        seen[actor] = known;
        return known.State;
    }

    ImmutableArray<SimilarIncident> IActors.Similar(ImmutableArray<string> words) =>
        similar.TryGetValue(string.Join(' ', words), out var found) ? found : throw new NotSearchedException(words);

    public async ValueTask<Known> LoadAsync(ActorId actor, CancellationToken cancel)
    {
        if (seen.TryGetValue(actor, out var known)) return known;
        if (!cache.TryGet(actor, out known))
        {
            var stored = await journal.LoadAsync(actor, cancel);
            known = stored is null ? default : new Known(stored.Version, States.Read(actor.Kind, stored.Document.Span));
            cache.Put(actor, known);
        }

        seen[actor] = known;
        return known;
    }

    /// <summary>Runs a decision, loading what it asks for.</summary>
    public async ValueTask<T> DecideAsync<T>(Func<T> decide, CancellationToken cancel)
    {
        while (true)
        {
            ActorId? missing = null;
            var words = ImmutableArray<string>.Empty;
            try
            {
                return decide();
            }
            catch (NotLoadedException asked)
            {
                missing = asked.Actor;
            }
            catch (NotSearchedException asked)
            {
                words = asked.Words;
            }

            if (missing is { } actor) await LoadAsync(actor, cancel);
            else similar[string.Join(' ', words)] = await KnowledgeBase.SimilarAsync(journal, words, cancel);
        }
    }

    private sealed class NotSearchedException(ImmutableArray<string> words) : Exception
    {
        public ImmutableArray<string> Words => words;
    }

    private sealed class NotLoadedException(ActorId actor) : Exception
    {
        public ActorId Actor => actor;
    }
}
