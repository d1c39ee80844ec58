using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Knowledge;

namespace IncidentActors.Engine.Turns;

/// <summary>
/// What one attempt at a turn has looked at. A decision that looks at an actor which is not loaded yet, or searches the knowledge base,
/// has it at once where the store answers at once; else it is interrupted, the answer is awaited, and the decision is made again: it is
/// pure, so nothing is lost.
/// </summary>
internal sealed class TurnScope(IStore journal, ActorMemory memory) : IActors
{
    private readonly Dictionary<ActorId, Known> seen = [];
    private readonly Dictionary<string, ImmutableArray<SimilarIncident>> similar = [];

    public IReadOnlyDictionary<ActorId, Known> Seen => seen;
    public ActorMemory Memory => memory;

    /// <summary>Set by <see cref="TurnRequest.Prepare"/> where the decision depends on halts that are over: <see cref="TurnRecord.HaltEpoch"/>.</summary>
    public long? HaltEpoch { get; set; }

    IActorState? IActors.Get(ActorId actor)
    {
        if (seen.TryGetValue(actor, out var known)) return known.State;
        var loading = LoadAsync(actor, CancellationToken.None);
        return loading.IsCompletedSuccessfully ? loading.Result.State : throw new NotLoadedException(loading.AsTask());
    }

    ImmutableArray<SimilarIncident> IActors.Similar(ImmutableArray<string> words)
    {
        if (similar.TryGetValue(string.Join(' ', words), out var found)) return found;
        var searching = SearchAsync(words);
        return searching.IsCompletedSuccessfully ? searching.Result : throw new NotLoadedException(searching);
    }

    public async ValueTask<Known> LoadAsync(ActorId actor, CancellationToken cancel)
    {
        if (seen.TryGetValue(actor, out var known)) return known;
        if (!memory.TryGet(actor, out known))
        {
            var stored = await journal.LoadAsync(actor, cancel);
            known = stored is null ? default : new Known(stored.Version, States.Read(actor.Kind, stored.Document.Span));
            memory.Keep(actor, known);
        }

        seen[actor] = known;
        return known;
    }

    /// <summary>The decision was made on this state of the actor.</summary>
    public void See(ActorId actor, Known state) => seen.TryAdd(actor, state);

    private async Task<ImmutableArray<SimilarIncident>> SearchAsync(ImmutableArray<string> words) =>
        similar[string.Join(' ', words)] = await KnowledgeBase.SimilarAsync(journal, words, CancellationToken.None);

    /// <summary>Runs a decision, loading what it asks for.</summary>
    public async ValueTask<T> DecideAsync<T>(Func<T> decide, CancellationToken cancel)
    {
        while (true)
        {
            Task missing;
            try
            {
                return decide();
            }
            catch (NotLoadedException asked)
            {
                missing = asked.Loading;
            }

            await missing.WaitAsync(cancel);
        }
    }

    private sealed class NotLoadedException(Task loading) : Exception
    {
        public Task Loading => loading;
    }
}
