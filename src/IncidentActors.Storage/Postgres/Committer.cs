using System.Collections.Concurrent;
using IncidentActors.Engine.Journals;
using Npgsql;

namespace IncidentActors.Storage.Postgres;

/// <summary>
/// Commits optimistically: a segment of turns is written in one round trip without checks first; the database
/// verifies it. Only after a conflict the turns are examined: the refused ones are answered, the others retried.
/// </summary>
internal sealed class Committer(NpgsqlDataSource source, Fence fence, string description, TimeSpan settleWithin)
{
    private const int MaxAttempts = 100;

    private readonly ConcurrentBag<Lane> idle = [];

    public async Task<CommitResult[]> CommitAsync(IReadOnlyList<TurnRecord> turns)
    {
        var results = new CommitResult[turns.Count];
        var begun = false;
        foreach (var segment in Segments.Of(turns))
        {
            try
            {
                await CommitAsync(turns, [.. Enumerable.Range(0, turns.Count).Take(segment)], results);
                begun = true;
            }
            catch (Exception error) when (Faults.IsOfStore(error))
            {
                throw Faults.Unavailable(description, error, notApplied: !begun);
            }
            catch (Exception error) when (begun && error is JournalUnavailableException { NotApplied: true } or InvalidOperationException)
            {
                // Reporting only the broken turn would make callers treat the others as not applied and commit them again.
                throw new JournalUnavailableException(
                    (error as JournalUnavailableException)?.Sentence ?? error.Message, notApplied: false, error.Message);
            }
        }

        return results;
    }

    /// <summary>Any driver exception that leaves this method means that nothing of the segment was applied.</summary>
    private async Task CommitAsync(IReadOnlyList<TurnRecord> turns, List<int> pending, CommitResult[] results)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var halts = await fence.CurrentAsync();
            if (attempt > 0 || pending.Exists(i => halts.Forbid(turns[i])))
            {
                var there = await ConflictProbe.ReadAsync(source, [.. pending.Select(i => turns[i])]);
                if (there.Epoch != halts.Epoch)
                {
                    fence.Forget();
                    continue;
                }

                pending.RemoveAll(i => there.Refusal(turns[i], halts) is { } refusal && (results[i] = refusal) is not null);
                if (pending.Count == 0) return;
            }

            var set = new WriteSet([.. pending.Select(i => turns[i])]);
            var (ended, positions) = await TryAsync(set, halts.Epoch);
            if (ended == Attempt.EpochMoved || set.Halts.Count > 0) fence.Forget();
            if (ended != Attempt.Committed) continue;

            var next = 0;
            foreach (var i in pending)
            {
                results[i] = new Committed(turns[i].Appends.IsEmpty ? 0 : positions[next]);
                foreach (var append in turns[i].Appends) next += append.Events.Length;
            }

            return;
        }

        throw new JournalUnavailableException(
            "Too many writers want the same rows.", notApplied: true, $"{description}: too many writers want the same rows.");
    }

    private async Task<(Attempt Ended, long[] Positions)> TryAsync(WriteSet set, long epoch)
    {
        var connection = await source.OpenConnectionAsync();
        Lane? lane = null;
        Exception lost;
        try
        {
            lane = idle.TryTake(out var one) ? one : await Lane.AddAsync(connection);
            var positions = await RunAsync(connection, set, lane, epoch);
            idle.Add(lane);
            return (Attempt.Committed, positions);
        }
        catch (Exception error) when (lane is not null && Faults.IsOfStore(error))
        {
            var ended = Faults.OfCommit(error);
            if (ended is Attempt.EpochMoved or Attempt.Conflict) idle.Add(lane);
            if (ended != Attempt.Unknown) return (ended, []);
            lost = error;
        }
        finally
        {
            await connection.DisposeAsync();
        }

        return await SettleAsync(set, lane, lost);
    }

    private static async Task<long[]> RunAsync(NpgsqlConnection connection, WriteSet set, Lane lane, long epoch)
    {
        await using var batch = new NpgsqlBatch(connection);
        var place = CommitStatements.Fill(batch, set, lane.Id, lane.Next(), epoch);
        long[] positions = [];
        await using var rows = await batch.ExecuteReaderAsync();
        var at = 0;
        do
        {
            if (at++ == place && await rows.ReadAsync()) positions = rows.GetFieldValue<long[]>(0);
        }
        while (await rows.NextResultAsync());

        // After the last result comes the server's confirmation of the commit.
        return positions;
    }

    private async Task<(Attempt Ended, long[] Positions)> SettleAsync(WriteSet set, Lane lane, Exception lost)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        for (var pause = TimeSpan.FromMilliseconds(20); ; pause = pause < TimeSpan.FromSeconds(1) ? pause * 2 : pause)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                var applied = await lane.SettleAsync(connection);
                var positions = applied ? await PositionsAsync(connection, set) : [];
                idle.Add(lane);
                return (applied ? Attempt.Committed : Attempt.Conflict, positions);
            }
            catch (Exception error) when (Faults.IsOfStore(error))
            {
                if (patience.Elapsed > settleWithin) throw Faults.Unavailable(description, lost, notApplied: false);
            }

            await Task.Delay(pause);
        }
    }

    private static async Task<long[]> PositionsAsync(NpgsqlConnection connection, WriteSet set)
    {
        const string Sql =
            """
            select e.position from unnest($1, $2) with ordinality as n (actor, version, place)
            join events e on e.actor = n.actor and e.version = n.version order by n.place
            """;
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Sql).Texts(set.Events, static row => row.Actor).Longs(set.Events, static row => row.Version);
        await using var rows = await batch.ExecuteReaderAsync();
        var positions = new List<long>();
        while (await rows.ReadAsync()) positions.Add(rows.GetInt64(0));
        return [.. positions];
    }
}
