using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Testing.Stores;

namespace IncidentActors.Engine.Tests.Simulation;

/// <param name="Position">In the order of commits, 1-based; the journal's own positions count events.</param>
internal sealed record Entry(long Position, string Node, TurnRecord Turn)
{
    public IEnumerable<(ActorId Actor, long Version, IEvent Event)> Events => Turn.Appends.SelectMany(append => append.Events.Select(
        (one, index) => (append.Actor, append.ExpectedVersion + index + 1, EventTypes.Read(one.Name, one.Payload.Span))));
}

/// <summary>The one store of all nodes, and what was committed to it in which order.</summary>
internal sealed class Ledger
{
    public InMemoryStore Store { get; } = new();
    public List<Entry> Entries { get; } = [];

    /// <summary>Every actor's state as folded from what was committed; what the generator may look at.</summary>
    public Dictionary<ActorId, IActorState> States { get; } = [];

    public IReadOnlyList<CommitResult> Commit(IReadOnlyList<TurnRecord> turns, string node, IReadOnlyList<TurnRecord>? recordedAs = null)
    {
        var results = Store.CommitAsync(turns, CancellationToken.None).GetAwaiter().GetResult();
        for (var i = 0; i < turns.Count; i++)
        {
            if (results[i] is not Committed) continue;
            var entry = new Entry(Entries.Count + 1, node, (recordedAs ?? turns)[i]);
            Entries.Add(entry);
            Fold(States, entry);
        }

        return results;
    }

    /// <summary>Every turn with the states as they were before it.</summary>
    public IEnumerable<(Entry Entry, IReadOnlyDictionary<ActorId, IActorState> Before)> Walk()
    {
        var states = new Dictionary<ActorId, IActorState>();
        foreach (var entry in Entries)
        {
            yield return (entry, states);
            Fold(states, entry);
        }
    }

    private static void Fold(Dictionary<ActorId, IActorState> states, Entry entry)
    {
        foreach (var (actor, _, one) in entry.Events)
            states[actor] = Engine.Turns.States.Evolve(actor, states.GetValueOrDefault(actor), new RecordedEvent(one, entry.Turn.At, entry.Turn.By))!;
    }
}
