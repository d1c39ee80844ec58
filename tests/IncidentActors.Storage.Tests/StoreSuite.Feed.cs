using System.Collections.Concurrent;
using System.Diagnostics;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Testing;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    [SuiteFact]
    public async Task The_feed_goes_on_where_it_was_left()
    {
        var beginning = await Journal.FeedEndAsync(None);
        Assert.Empty((await Journal.FeedAsync(null, 10, null, None)).Events);
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0, 3));
        await FeedCaughtUpAsync();
        var page = await Journal.FeedAsync(beginning, 2, null, None);
        Assert.Equal([1, 2], page.Events.Select(one => one.Version));
        Assert.Equal(page.Cursor, page.Events[^1].Cursor);

        var end = await Journal.FeedEndAsync(None);
        page = await Journal.FeedAsync(page.Cursor, 10, null, None);
        Assert.Equal([3], page.Events.Select(one => one.Version));
        Assert.Equal(end, page.Cursor);
        page = await Journal.FeedAsync(end, 10, null, None);
        Assert.Empty(page.Events);
        Assert.Equal(end, page.Cursor);

        await MustCommitAsync(Given.Turn(Given.Atp(2), 0));
        await FeedCaughtUpAsync();
        Assert.Equal(Given.Atp(2), Assert.Single((await Journal.FeedAsync(page.Cursor, 10, null, None)).Events).Actor);
    }

    [SuiteFact]
    public async Task The_latest_events_come_newest_first_page_by_page()
    {
        Assert.Empty((await Journal.LatestAsync(null, 10, None)).Events);
        for (var atp = 1; atp <= 3; atp++) await MustCommitAsync(Given.Turn(Given.Atp(atp), 0, 2));
        await FeedCaughtUpAsync();
        var forward = (await WholeFeedAsync(null, page: 10)).Select(one => one.Cursor).ToList();
        var back = new List<string>();
        for (string? before = null; ;)
        {
            var page = await Journal.LatestAsync(before, 4, None);
            if (page.Events.IsEmpty) break;
            back.AddRange(page.Events.Select(one => one.Cursor));
            before = page.Cursor;
        }

        Assert.Equal(6, back.Count);
        Assert.Equal(Enumerable.Reverse(forward), back);
        await Assert.ThrowsAsync<FormatException>(() => Journal.LatestAsync("nonsense", 1, None));
    }

    [SuiteFact]
    public async Task An_incidents_feed_has_its_own_events_and_those_of_what_belongs_to_it()
    {
        var ours = new DocumentIndex("OPEN", Open: true, Incident: "INC-1");
        await MustCommitAsync(Given.Turn(ActorId.Incident("INC-1"), 0, index: new DocumentIndex("OPEN", Open: true)));
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0, index: ours));
        await MustCommitAsync(Given.Turn(Given.Atp(2), 0));
        await MustCommitAsync(Given.Turn(ActorId.Incident("INC-2"), 0));
        await MustCommitAsync(Given.Turn(ActorId.Approval("A-1"), 0, index: ours));
        Assert.Equal(
            [ActorId.Incident("INC-1"), Given.Atp(1), ActorId.Approval("A-1")],
            (await WholeFeedAsync("INC-1", page: 1)).Select(one => one.Actor));
    }

    [SuiteFact]
    public async Task The_feed_neither_skips_nor_reorders_under_concurrent_writers()
    {
        const int Writers = 8, Batches = 15, Turns = 4;
        var nodes = await NodesAsync(2);
        using var done = new CancellationTokenSource();
        var live = FollowAsync(nodes[1], Writers * Batches * Turns, done.Token);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var batch = 0; batch < Batches; batch++)
            {
                var turns = Enumerable.Range(0, Turns).Select(i => Given.Turn(Given.Atp((writer * 100) + i), batch));
                Assert.All(await nodes[writer % 2].CommitAsync([.. turns], None), result => Assert.IsType<Committed>(result));
            }
        })));
        await done.CancelAsync();

        var seen = await live;
        Assert.Equal(Writers * Batches * Turns, seen.Count);
        Assert.Equal((await WholeFeedAsync(page: 50)).Select(one => one.Cursor), seen.Select(one => one.Cursor));
        foreach (var actor in seen.GroupBy(one => one.Actor))
            Assert.Equal(Enumerable.Range(1, Batches).Select(i => (long)i), actor.Select(one => one.Version));
    }

    /// <summary>Reads along until told that the writers are done, and then to the end. Transactions of others on the same server may delay a
    /// feed, so an empty page is its end only when all is there, or when nothing has come for long.</summary>
    private static async Task<List<StoredEvent>> FollowAsync(IStore journal, int all, CancellationToken done)
    {
        var seen = new List<StoredEvent>();
        var came = Stopwatch.GetTimestamp();
        for (string? cursor = null; ;)
        {
            var last = done.IsCancellationRequested;
            var page = await journal.FeedAsync(cursor, 13, null, None);
            seen.AddRange(page.Events);
            cursor = page.Cursor;
            if (!page.Events.IsEmpty) came = Stopwatch.GetTimestamp();
            if (last && page.Events.IsEmpty && (seen.Count >= all || Stopwatch.GetElapsedTime(came) > Eventually.Deadline)) return seen;
            await Task.Yield();
        }
    }

    [SuiteFact]
    public async Task Signals_say_what_a_commit_brought()
    {
        var heard = new ConcurrentQueue<JournalSignal>();
        Journal.Signaled += heard.Enqueue;
        await MustCommitAsync(Given.Turn() with { Effects = [Given.Effect("e")] });
        Assert.Contains(JournalSignal.WakeUp, heard);
        await MustCommitAsync(Given.Raising(Given.HaltOf(Core.Halts.HaltScope.All)));
        Assert.Contains(JournalSignal.Halt, heard);
        Assert.Contains(JournalSignal.Feed, heard);
    }
}
