using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    private async Task<string> ListedAsync(ActorFilter filter)
    {
        var keys = new List<string>();
        for (var next = filter; ;)
        {
            var page = await Journal.ListAsync(next, None);
            Assert.True(page.Actors.Length <= filter.Limit);
            keys.AddRange(page.Actors.Select(actor => actor.Actor.Key));
            if (page.Next is null) return string.Join(' ', keys);
            next = next with { Cursor = page.Next };
        }
    }

    [SuiteFact]
    public async Task Documents_are_listed_by_rank_then_newest_first_page_by_page()
    {
        int[] ranks = [2, 1, 3, 1, 2, 1, 0];
        for (var i = 0; i < ranks.Length; i++)
            await MustCommitAsync(Given.Turn(ActorId.Atp($"{i}"), 0, index: new DocumentIndex("WORK", Open: true, ranks[i])));
        await MustCommitAsync(Given.Turn(ActorId.Incident("i"), 0));
        await MustCommitAsync(Given.Turn(ActorId.Atp("1"), 1, index: new DocumentIndex("WORK", Open: true, 1)));

        var atps = new ActorFilter(ActorKind.Atp);
        Assert.Equal("6 5 3 1 4 0 2", await ListedAsync(atps));
        Assert.Equal("6 5 3 1 4 0 2", await ListedAsync(atps with { Limit = 2 }));
        Assert.Equal("6 5 3 1 4 0 2", await ListedAsync(atps with { Limit = 7 }));
        Assert.Equal("0 1 2 3 4 5 6", await ListedAsync(atps with { OldestFirst = true }));
        Assert.Equal("0 1 2 3 4 5 6", await ListedAsync(atps with { OldestFirst = true, Limit = 3 }));
        Assert.Equal("i", await ListedAsync(new ActorFilter(ActorKind.Incident)));
        Assert.Equal("", await ListedAsync(new ActorFilter(ActorKind.Halt)));
    }

    [SuiteFact]
    public async Task Documents_are_listed_by_what_their_index_says_now()
    {
        DocumentIndex[] indexes =
        [
            new("WORK", Open: true, 1, "INC-1", "@dev", "bugfix"), new("WORK", Open: true, 2, "INC-2", "@dev", "emergency"),
            new("DONE", Open: false, 1, "INC-1", "@ops", "bugfix"), new("WORK", Open: true, 1),
        ];
        for (var i = 0; i < indexes.Length; i++) await MustCommitAsync(Given.Turn(ActorId.Atp($"{i}"), 0, index: indexes[i]));

        var atps = new ActorFilter(ActorKind.Atp);
        Assert.Equal("3 0 1", await ListedAsync(atps with { Open = true }));
        Assert.Equal("2", await ListedAsync(atps with { Open = false }));
        Assert.Equal("2", await ListedAsync(atps with { Status = "DONE" }));
        Assert.Equal("3 2 0", await ListedAsync(atps with { Rank = 1 }));
        Assert.Equal("2 0", await ListedAsync(atps with { Incident = "INC-1" }));
        Assert.Equal("0 1", await ListedAsync(atps with { Owner = "@dev" }));
        Assert.Equal("1", await ListedAsync(atps with { Flow = "emergency" }));
        var all = atps with { Open = true, Status = "WORK", Rank = 1, Incident = "INC-1", Owner = "@dev", Flow = "bugfix", Limit = 1 };
        Assert.Equal("0", await ListedAsync(all));
        Assert.Equal("0", await ListedAsync(all with { OldestFirst = true }));
        Assert.Equal("", await ListedAsync(atps with { Open = true, Status = "DONE", OldestFirst = true }));

        await MustCommitAsync(Given.Turn(ActorId.Atp("0"), 1, index: new DocumentIndex("DONE", Open: false)));
        Assert.Equal("0 2", await ListedAsync(atps with { Open = false }));
        Assert.Equal("1", await ListedAsync(atps with { Owner = "@dev" }));
    }

    /// <summary>Each combination is a statement of its own, with an index of its own.</summary>
    [SuiteFact]
    public async Task Every_combination_of_conditions_lists_what_meets_all_of_them()
    {
        var documents = Enumerable.Range(0, 64).Select(number => (Key: $"{number:00}", Index: new DocumentIndex(
            number % 2 == 0 ? "WORK" : "DONE", number % 2 == 0, number / 2 % 3,
            number % 5 == 0 ? null : $"INC-{number % 2}", number % 7 == 0 ? null : $"@{number % 3}", number % 3 == 0 ? "bugfix" : "standard"))).ToList();
        await Journal.CommitAsync([.. documents.Select(one => Given.Turn(ActorId.Atp(one.Key), 0, index: one.Index))], None);
        for (var which = 0; which < 128; which++)
        {
            var filter = new ActorFilter(ActorKind.Atp)
            {
                Open = Wanted(0) ? true : null, Status = Wanted(1) ? "WORK" : null, Rank = Wanted(2) ? 1 : null, Incident = Wanted(3) ? "INC-1" : null,
                Owner = Wanted(4) ? "@1" : null, Flow = Wanted(5) ? "bugfix" : null, OldestFirst = Wanted(6), Limit = 3,
            };
            var meeting = documents.Where(one => (filter.Open ?? one.Index.Open) == one.Index.Open && (filter.Status ?? one.Index.Status) == one.Index.Status
                && (filter.Rank ?? one.Index.Rank) == one.Index.Rank && (filter.Incident is null || filter.Incident == one.Index.Incident)
                && (filter.Owner is null || filter.Owner == one.Index.Owner) && (filter.Flow ?? one.Index.Flow) == one.Index.Flow);
            var expected = filter.OldestFirst ? meeting : meeting.OrderBy(one => one.Index.Rank).ThenByDescending(one => one.Key);
            Assert.Equal(string.Join(' ', expected.Select(one => one.Key)), await ListedAsync(filter));

            bool Wanted(int bit) => (which & (1 << bit)) != 0;
        }
    }

    [SuiteFact]
    public async Task A_status_that_only_open_or_only_finished_ones_have_finds_them()
    {
        await MustCommitAsync(Given.Turn(ActorId.Incident("a"), 0, index: new DocumentIndex("resolved", Open: true)));
        await MustCommitAsync(Given.Turn(ActorId.Incident("b"), 0, index: new DocumentIndex("closed", Open: false)));
        await MustCommitAsync(Given.Turn(ActorId.Approval("c"), 0, index: new DocumentIndex("approved", Open: false)));
        await MustCommitAsync(Given.Turn(ActorId.Approval("d"), 0, index: new DocumentIndex("open", Open: true)));
        await MustCommitAsync(Given.Turn(ActorId.Halt("e"), 0, index: new DocumentIndex("lifted", Open: false)));
        Assert.Equal("a", await ListedAsync(new ActorFilter(ActorKind.Incident) { Status = "resolved" }));
        Assert.Equal("b", await ListedAsync(new ActorFilter(ActorKind.Incident) { Status = "closed" }));
        Assert.Equal("c", await ListedAsync(new ActorFilter(ActorKind.Approval) { Status = "approved" }));
        Assert.Equal("d", await ListedAsync(new ActorFilter(ActorKind.Approval) { Status = "open" }));
        Assert.Equal("e", await ListedAsync(new ActorFilter(ActorKind.Halt) { Status = "lifted" }));
    }

    [SuiteFact]
    public async Task A_cursor_of_somebody_else_is_refused()
    {
        foreach (var cursor in new[] { "", "x", "1", "1.x", "99999999999.1" })
            await Assert.ThrowsAsync<FormatException>(() => Journal.ListAsync(new ActorFilter(ActorKind.Atp) { Cursor = cursor }, None));
        foreach (var cursor in new[] { "", "x", "1", "1.x" })
            await Assert.ThrowsAsync<FormatException>(() => Journal.FeedAsync(cursor, 10, null, None));
    }
}
