using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Testing.Stores;

public sealed partial class InMemoryStore
{
    public Task<JournalFigures> FiguresAsync(DateTimeOffset now, CancellationToken cancel)
    {
        lock (gate)
        {
            var due = tables.Effects.Values.Where(effect => effect.Record.Due <= now && effect.Ready < DateTimeOffset.MaxValue).ToList();
            var open = tables.Actors.Values.Select(actor => actor.Stored).Where(stored => stored.Index.Open).ToList();
            return Task.FromResult(new JournalFigures(
                ByRank(open, ActorKind.Incident), ByRank(open, ActorKind.Atp), open.Count(stored => stored.Actor.Kind == ActorKind.Approval),
                due.Count, due.Count == 0 ? null : due.Min(effect => effect.Record.Due),
                tables.Messages.Values.Where(message => message.AckedAt is null).GroupBy(message => (int)message.Message.Priority)
                    .ToImmutableSortedDictionary(group => group.Key, group => new Unread(group.Count(), group.Min(message => message.Message.SentAt)))));
        }
    }

    private static ImmutableSortedDictionary<int, long> ByRank(IEnumerable<StoredActor> open, ActorKind kind) =>
        open.Where(stored => stored.Actor.Kind == kind).GroupBy(stored => stored.Index.Rank)
            .ToImmutableSortedDictionary(group => group.Key, group => (long)group.Count());
}
