using System.Text;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Tests.Simulation.Checkers;

/// <summary>Invariant 1: every document is the fold of the events before it, at every version; a document with the events behind it gives the newest.</summary>
internal static class ViewsAreFolds
{
    public static IEnumerable<string> Check(World world)
    {
        var documents = new Dictionary<ActorId, List<(long Version, ReadOnlyMemory<byte> Document)>>();
        foreach (var (entry, before) in world.Ledger.Walk())
        {
            foreach (var append in entry.Turn.Appends)
            {
                var state = entry.Events.Where(one => one.Actor == append.Actor).Aggregate(
                    before.GetValueOrDefault(append.Actor), (state, one) =>
                        States.Evolve(append.Actor, state, new RecordedEvent(one.Event, entry.Turn.At, entry.Turn.By)));
                if (!Same(state!, append.Document)) yield return $"{append.Actor}'s document at position {entry.Position} is not the fold of its events";
                if (!documents.TryGetValue(append.Actor, out var all)) documents[append.Actor] = all = [];
                all.Add((append.ExpectedVersion + append.Events.Length, append.Document));
            }
        }

        foreach (var (actor, all) in documents)
        {
            var stored = world.Ledger.Store.LoadAsync(actor, CancellationToken.None).Result!;
            var (version, snapshot) = all[all.Count / 2];
            var tail = world.Ledger.Store.HistoryAsync(actor, version, int.MaxValue, CancellationToken.None).Result;
            var replayed = tail.Aggregate(
                (IActorState?)States.Read(actor.Kind, snapshot.Span),
                    (state, one) => States.Evolve(actor, state, new RecordedEvent(EventTypes.Read(one.Name, one.Payload.Span), one.At, one.By)));
            if (!Same(replayed!, stored.Document) || stored.Version != all[^1].Version)
                yield return $"{actor}: snapshot at {version} and tail are not the stored document";
            if (States.Index((IActorState)world.Ledger.States[actor]) != stored.Index) yield return $"{actor} is listed otherwise than its state says";
        }
    }

    private static bool Same(IActorState state, ReadOnlyMemory<byte> document) =>
        Encoding.UTF8.GetString(States.Write(state)) == Encoding.UTF8.GetString(document.Span);
}
