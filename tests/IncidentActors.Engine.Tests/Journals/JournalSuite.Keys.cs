using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Tests.Journals;

public abstract partial class JournalSuite
{
    private static KeyedAnswer Answer(string key, string json = """{"first":true}""") => new(key, "hash", Given.Json(json));

    [JournalFact]
    public async Task A_repeated_key_gets_the_first_answer()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0) with { Answer = Answer("k") });
        var again = Given.Turn(Given.Atp(1), 1) with { Answer = Answer("k", "{}") with { RequestHash = "other" } };
        var known = Assert.IsType<KeyKnown>(await CommitAsync(again)).Answer;
        Assert.Equal(("k", "hash", """{"first":true}"""), (known.Key, known.RequestHash, Given.Text(known.Json)));
        Assert.Equal("hash", (await Journal.AnswerAsync("k", None))!.RequestHash);
        Assert.Equal(1, await VersionAsync(Given.Atp(1)));
    }

    [JournalFact]
    public async Task A_key_is_new_once_within_a_call()
    {
        var results = await Journal.CommitAsync(
            [.. Enumerable.Range(1, 3).Select(i => Given.Turn(Given.Atp(i), 0) with { Answer = Answer("k", $$"""{"n":{{i}}}""") })], None);
        Assert.IsType<Committed>(results[0]);
        Assert.All(results.Skip(1), result => Assert.Equal("""{"n":1}""", Given.Text(Assert.IsType<KeyKnown>(result).Answer.Json)));
        Assert.Equal(0, await VersionAsync(Given.Atp(3)));
    }

    [JournalFact]
    public async Task A_refused_turn_leaves_its_key_free()
    {
        await CommitAsync(Given.Turn(Given.Atp(1), 7) with { Answer = Answer("k") });
        Assert.Null(await Journal.AnswerAsync("k", None));
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0) with { Answer = Answer("k") });
    }

    [JournalFact]
    public async Task The_first_answer_is_told_before_any_other_refusal()
    {
        var turn = Given.Turn(Given.Atp(1), 0) with { Answer = Answer("k"), Subject = new("@dev") };
        await MustCommitAsync(turn);
        await MustCommitAsync(Given.Raising(Given.HaltOf(HaltScope.All)));
        Assert.IsType<KeyKnown>(await CommitAsync(turn));
        Assert.IsType<KeyKnown>(await CommitAsync(turn with { Consumes = new Consumption("e", "t") }));
        Assert.IsType<AlreadyConsumed>(await CommitAsync(turn with { Answer = null, Consumes = new Consumption("e", "t") }));
        Assert.IsType<Stale>(await CommitAsync(turn with { Answer = null }));
        Assert.IsType<Fenced>(await CommitAsync(Given.Turn(Given.Atp(1), 1) with { Subject = new("@dev") }));
    }
}
