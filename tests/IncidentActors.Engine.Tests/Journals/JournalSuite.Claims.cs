using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Tests.Journals;

public abstract partial class JournalSuite
{
    private static TurnRecord Claims(string name, int atp) => Given.Turn() with { Claims = [new ClaimRecord(name, Given.Atp(atp))] };

    private static TurnRecord Releases(string name, int atp) => Given.Turn() with { Releases = [new ClaimRecord(name, Given.Atp(atp))] };

    [JournalFact]
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

    [JournalFact]
    public async Task A_name_may_move_within_one_turn()
    {
        await MustCommitAsync(Claims("dedup", 1));
        await MustCommitAsync(Claims("dedup", 2) with { Releases = [new ClaimRecord("dedup", Given.Atp(1))] });
        Assert.Equal(Given.Atp(2), await Journal.HolderAsync("dedup", None));
    }

    [JournalFact]
    public async Task Claims_within_a_call_meet_each_other()
    {
        var results = await Journal.CommitAsync(
            [Claims("a", 1), Claims("a", 2), Releases("a", 1), Claims("a", 3), Claims("b", 3), Releases("b", 3)], None);
        Assert.Equal(new ClaimTaken("a", Given.Atp(1)), Assert.Single(results, result => result is not Committed));
        Assert.Equal(Given.Atp(3), await Journal.HolderAsync("a", None));
        Assert.Null(await Journal.HolderAsync("b", None));
    }
}
