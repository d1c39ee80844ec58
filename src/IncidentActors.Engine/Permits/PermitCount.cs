using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Permits;

/// <summary>Counts the outside actions that a halt has ended. Costs what there are; raising the halt does not.</summary>
public static class PermitCount
{
    private const int AtOnce = 1000;
    private const int MaxCounted = 20_000;

    internal static async Task<HaltPermits> OfAsync(TurnExecutor turns, HaltRecord halt)
    {
        var now = turns.Options.Time.GetUtcNow();
        var (struck, complete) = await CoveredPermitsAsync(turns, halt);
        var reported = struck.Count(one => one.State.EndedAt is not null);
        var over = struck.Count(one => one.State.EndedAt is null && one.State.Until <= now);
        var ends = struck.Select(one => one.State.EndedAt ?? one.State.Until).ToList();
        var mustEndBy = struck.Select(one => one.State.Until).Append(complete ? halt.RaisedAt : Bound(turns.Options, halt.RaisedAt)).Max();
        return new HaltPermits(
            struck.Count,
            reported,
            over,
            mustEndBy,
            reported + over < struck.Count || !complete ? null : ends.Append(halt.RaisedAt).Max(),
            [
                .. struck.OrderBy(one => one.State.EndedAt is not null).ThenByDescending(one => one.State.Until).Take(HaltPermits.Shown)
                    .Select(one => PermitView.Of(one.State, one.Version, halt, now)),
            ],
            complete);
    }

    /// <summary>What is true without counting: no permit of the policy holds longer, and none of those that were open at the start.</summary>
    internal static DateTimeOffset Bound(EngineOptions options, DateTimeOffset raisedAt)
    {
        var bound = raisedAt.AddSeconds(options.Permits.MaxSeconds);
        return bound > options.PermitsHeldUntil ? bound : options.PermitsHeldUntil;
    }

    /// <summary>When the last open permit's time is over; the earliest time if none is open.</summary>
    public static async Task<DateTimeOffset> HeldUntilAsync(IStore journal, CancellationToken cancel)
    {
        var last = DateTimeOffset.MinValue;
        string? cursor = null;
        do
        {
            var page = await journal.ListAsync(new ActorFilter(ActorKind.Permit) { Open = true, Cursor = cursor, Limit = AtOnce }, cancel);
            foreach (var stored in page.Actors)
            {
                var until = stored.State<PermitState>().Until;
                if (until > last) last = until;
            }

            cursor = page.Next;
        }
        while (cursor is not null);

        return last;
    }

    /// <summary>Covered permits that had no report when it was raised and whose time was not over. Those that another halt had ended before count
    /// until they are reported: their action may still run.</summary>
    private static async Task<(List<(PermitState State, long Version)> Permits, bool Complete)> CoveredPermitsAsync(TurnExecutor turns, HaltRecord halt)
    {
        var found = new Dictionary<string, (PermitState State, long Version)>();
        var halts = new PermitHalts(turns.Journal, []);
        var filters = new[] { new ActorFilter(ActorKind.Permit) { Open = true }, new ActorFilter(ActorKind.Permit) { Flow = halt.Id } };
        var complete = true;
        foreach (var filter in filters)
        {
            string? cursor = null;
            var looked = 0;
            do
            {
                var page = await turns.Journal.ListAsync(filter with { Cursor = cursor, Limit = AtOnce }, CancellationToken.None);
                foreach (var stored in page.Actors)
                {
                    var permit = stored.State<PermitState>();
                    if (permit.Until <= halt.RaisedAt || permit.EndedAt < halt.RaisedAt || permit.GrantedAt > halt.LiftedAt + PermitHalts.Skew) continue;
                    if (await halts.EndsAsync(halt, permit, CancellationToken.None)) found[permit.Id] = (permit, stored.Version);
                }

                looked += page.Actors.Length;
                cursor = page.Next;
            }
            while (cursor is not null && looked < MaxCounted);

            complete &= cursor is null;
        }

        return ([.. found.Values], complete);
    }
}
