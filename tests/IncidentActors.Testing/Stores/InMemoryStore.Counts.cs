using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Testing.Stores;

public sealed partial class InMemoryStore
{
    public Task<IReadOnlyList<OpenCount>> CountOpenAsync(ActorKind kind, CancellationToken cancel)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<OpenCount>>(
            [
                .. tables.Actors.Values.Where(actor => actor.Stored.Actor.Kind == kind && actor.Stored.Index.Open)
                    .GroupBy(actor => (actor.Stored.Index.Flow, actor.Stored.Index.Status))
                    .Select(group => new OpenCount(group.Key.Flow, group.Key.Status, group.Count()))
                    .OrderBy(count => count.Flow, StringComparer.Ordinal).ThenBy(count => count.Status, StringComparer.Ordinal),
            ]);
        }
    }
}
