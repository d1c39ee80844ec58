using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    private static TurnRecord Claims(string name, int atp) => Given.Turn() with { Claims = [new ClaimRecord(name, Given.Atp(atp))] };

    private static TurnRecord Releases(string name, int atp) => Given.Turn() with { Releases = [new ClaimRecord(name, Given.Atp(atp))] };

    [SuiteFact]
    public async Task A_claimed_name_belongs_to_one_actor_until_it_is_released()
    {
        await MustCommitAsync(Claims("dedup", 1));
        Assert.Equal(Given.Atp(1), await Journal.HolderAsync("dedup", None));
        Assert.Equal(new ClaimTaken("dedup", Given.Atp(1)), await CommitAsync(Claims("dedup", 2)));
        await MustCommitAsync(Claims("dedup", 1));
        await MustCommitAsync(Releases("dedup", 2));
        Assert.Equal(Given.Atp(1), await Journal.HolderAsync("dedup", None));
        await MustCommitAsync(Releases("dedup", 1));
        Assert.Null(await Journal.HolderAsync("dedup", None));
        await MustCommitAsync(Claims("dedup", 2));
        Assert.Equal(Given.Atp(2), await Journal.HolderAsync("dedup", None));
    }

    [SuiteFact]
    public async Task A_name_may_move_within_one_turn()
    {
        await MustCommitAsync(Claims("dedup", 1));
        await MustCommitAsync(Claims("dedup", 2) with { Releases = [new ClaimRecord("dedup", Given.Atp(1))] });
        Assert.Equal(Given.Atp(2), await Journal.HolderAsync("dedup", None));
    }

    [SuiteFact]
    public async Task Claims_within_a_call_meet_each_other()
    {
        var results = await Journal.CommitAsync(
            [Claims("a", 1), Claims("a", 2), Releases("a", 1), Claims("a", 3), Claims("b", 3), Releases("b", 3)], None);
        Assert.Equal(new ClaimTaken("a", Given.Atp(1)), Assert.Single(results, result => result is not Committed));
        Assert.Equal(Given.Atp(3), await Journal.HolderAsync("a", None));
        Assert.Null(await Journal.HolderAsync("b", None));
    }

    [SuiteFact]
    public async Task Many_names_are_asked_for_at_once()
    {
        var names = Enumerable.Range(0, 2000).Select(number => $"alert:{number}").ToArray();
        await MustCommitAsync(Given.Turn() with { Claims = [.. names.Select(name => new ClaimRecord(name, Given.Atp(1)))] });
        await MustCommitAsync(Claims("other", 2));
        var holders = await Journal.HoldersAsync([.. names, "other", "free"], None);
        Assert.Equal(2001, holders.Count);
        Assert.Equal((Given.Atp(1), Given.Atp(2)), (holders["alert:1999"], holders["other"]));
        Assert.Empty(await Journal.HoldersAsync([], None));
    }

    [SuiteFact]
    public async Task A_name_that_is_claimed_twice_in_one_turn_is_a_mistake()
    {
        var twice = Enumerable.Range(0, 40).Select(number => new ClaimRecord($"name {number % 39}", Given.Atp(1)));
        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync(Given.Turn() with { Claims = [.. twice] }));
    }
}
