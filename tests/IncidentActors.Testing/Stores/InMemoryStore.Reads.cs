using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Testing.Stores;

public sealed partial class InMemoryStore
{
    public Task<StoredActor?> LoadAsync(ActorId actor, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(tables.Actors.GetValueOrDefault(actor)?.Stored);
    }

    public Task<ActorPage> ListAsync(ActorFilter filter, CancellationToken cancel)
    {
        var (rank, born) = PageCursor.Before(filter);
        lock (gate)
        {
            var matching = tables.Actors.Values.Where(actor => Matches(filter, actor.Stored));
            var ordered = filter.OldestFirst
                ? matching.Where(actor => actor.Born > born).OrderBy(actor => actor.Born)
                : matching
                    .Where(actor => actor.Stored.Index.Rank > rank || (actor.Stored.Index.Rank == rank && actor.Born < born))
                    .OrderBy(actor => actor.Stored.Index.Rank).ThenByDescending(actor => actor.Born);
            var found = ordered.Take(filter.Limit + 1).ToList();
            if (found.Count <= filter.Limit) return Task.FromResult(new ActorPage([.. found.Select(actor => actor.Stored)], null));

            found.RemoveAt(filter.Limit);
            var next = new PageCursor(found[^1].Stored.Index.Rank, found[^1].Born);
            return Task.FromResult(new ActorPage([.. found.Select(actor => actor.Stored)], next.ToString()));
        }
    }

    public Task<IReadOnlyList<StoredEvent>> HistoryAsync(ActorId actor, long afterVersion, int limit, CancellationToken cancel)
    {
        lock (gate)
        {
            var history = tables.Actors.GetValueOrDefault(actor)?.History ?? [];
            return Task.FromResult<IReadOnlyList<StoredEvent>>([.. history.Where(one => one.Version > afterVersion).Take(limit)]);
        }
    }

    public Task<FeedPage> FeedAsync(string? after, int limit, string? incident, CancellationToken cancel)
    {
        var position = (int)FeedCursor.Parse(after).Position;
        lock (gate)
        {
            var events = tables.Events.Skip(position).Where(one => !tables.Archived.Contains(one.Position))
                .Where(one => incident is null || one.Incident == incident).Take(limit).ToList();
            var cursor = events.Count > 0 ? events[^1].Cursor : new FeedCursor(0, position).ToString();
            return Task.FromResult(new FeedPage([.. events], cursor));
        }
    }

    public Task<FeedPage> LatestAsync(string? before, int limit, CancellationToken cancel)
    {
        lock (gate)
        {
            var end = before is null ? tables.Events.Count : (int)FeedCursor.Parse(before).Position - 1;
            var events = tables.Events.Take(end).Where(one => !tables.Archived.Contains(one.Position)).Reverse().Take(limit).ToList();
            return Task.FromResult(new FeedPage([.. events], events.Count > 0 ? events[^1].Cursor : new FeedCursor(0, end + 1).ToString()));
        }
    }

    public Task<string> FeedEndAsync(CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(new FeedCursor(0, tables.Events.Count).ToString());
    }

    public Task<StoredAnswer?> AnswerAsync(string key, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(tables.Answers.TryGetValue(key, out var answer) ? answer.Answer : null);
    }

    public Task<ActorId?> HolderAsync(string claim, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(tables.Claims.TryGetValue(claim, out var holder) ? holder : (ActorId?)null);
    }

    public Task<IReadOnlyDictionary<string, ActorId>> HoldersAsync(IReadOnlyCollection<string> claims, CancellationToken cancel)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyDictionary<string, ActorId>>(
                claims.Where(tables.Claims.ContainsKey).Distinct().ToDictionary(claim => claim, claim => tables.Claims[claim]));
        }
    }

    public Task<IReadOnlyList<StoredMessage>> InboxAsync(string handle, int limit, CancellationToken cancel)
    {
        lock (gate)
        {
            var unread = tables.Messages.Values
                .Where(stored => stored.Message.To == handle && stored.AckedAt is null)
                .OrderBy(stored => stored.Message.Priority)
                .ThenBy(stored => stored.Message.Priority == Priority.P0 ? -stored.Message.SentAt.Ticks : stored.Message.SentAt.Ticks)
                .Take(limit)
                .OrderBy(stored => stored.Message.Priority).ThenBy(stored => stored.Message.SentAt);
            return Task.FromResult<IReadOnlyList<StoredMessage>>([.. unread]);
        }
    }

    public Task<StoredMessage?> MessageAsync(string id, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(tables.Messages.TryGetValue(id, out var message) ? message : null);
    }

    public Task<long> HaltEpochAsync(CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(tables.HaltEpoch);
    }

    public Task<IReadOnlyList<HaltRecord>> HaltsAsync(DateTimeOffset? liftedAfter, CancellationToken cancel)
    {
        lock (gate)
        {
            var halts = tables.Halts.Values.Where(halt => halt.Active || halt.LiftedAt > liftedAfter).OrderBy(halt => halt.RaisedAt);
            return Task.FromResult<IReadOnlyList<HaltRecord>>([.. halts]);
        }
    }

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(tables.Ready.Count == 0 ? (DateTimeOffset?)null : tables.Ready.Min.Ready);
    }

    public Task<DueEffect?> EffectAsync(string effectId, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(tables.Effects.GetValueOrDefault(effectId)?.Due());
    }

    private static bool Matches(ActorFilter filter, StoredActor actor) =>
        actor.Actor.Kind == filter.Kind
        && (filter.Open is null || filter.Open == actor.Index.Open)
        && (filter.Status is null || filter.Status == actor.Index.Status)
        && (filter.Rank is null || filter.Rank == actor.Index.Rank)
        && (filter.Incident is null || filter.Incident == actor.Index.Incident)
        && (filter.Owner is null || filter.Owner == actor.Index.Owner)
        && (filter.Flow is null || filter.Flow == actor.Index.Flow);
}
