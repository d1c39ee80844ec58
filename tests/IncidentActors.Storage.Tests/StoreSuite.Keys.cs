using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    private static KeyedAnswer Answer(string key, string json = """{"first":true}""") => new(key, "hash", Given.Json(json));

    [SuiteFact]
    public async Task A_repeated_key_gets_the_first_answer()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0) with { Answer = Answer("k") });
        var again = Given.Turn(Given.Atp(1), 1) with { Answer = Answer("k", "{}") with { RequestHash = "other" } };
        var known = Assert.IsType<KeyKnown>(await CommitAsync(again)).Answer;
        Assert.Equal(("k", "hash", """{"first":true}"""), (known.Key, known.RequestHash, Given.Text(known.Json)));
        Assert.Equal("hash", (await Journal.AnswerAsync("k", None))!.RequestHash);
        Assert.Equal(1, await VersionAsync(Given.Atp(1)));
    }

    [SuiteFact]
    public async Task A_key_is_new_once_within_a_call()
    {
        var results = await Journal.CommitAsync(
            [.. Enumerable.Range(1, 3).Select(i => Given.Turn(Given.Atp(i), 0) with { Answer = Answer("k", $$"""{"n":{{i}}}""") })], None);
        Assert.IsType<Committed>(results[0]);
        Assert.All(results.Skip(1), result => Assert.Equal("""{"n":1}""", Given.Text(Assert.IsType<KeyKnown>(result).Answer.Json)));
        Assert.Equal(0, await VersionAsync(Given.Atp(3)));
    }

    [SuiteFact]
    public async Task Old_answers_are_forgotten_piece_by_piece_and_their_keys_are_new_again()
    {
        for (var i = 1; i <= 5; i++) await MustCommitAsync(Given.Turn(Given.Atp(i), 0) with { At = Given.Noon.AddDays(i), Answer = Answer($"k{i}") });
        var keys = Journal;
        Assert.Equal(0, await keys.ForgetAnswersAsync(Given.Noon.AddDays(1), 10, None));
        Assert.Equal(2, await keys.ForgetAnswersAsync(Given.Noon.AddDays(4), 2, None));
        Assert.Equal(["k4", "k5"], (await KnownAsync())[1..]);
        Assert.Equal(1, await keys.ForgetAnswersAsync(Given.Noon.AddDays(4), 2, None));
        Assert.Equal(0, await keys.ForgetAnswersAsync(Given.Noon.AddDays(4), 2, None));
        Assert.Equal(["k4", "k5"], await KnownAsync());

        await MustCommitAsync(Given.Turn(Given.Atp(1), 1) with { At = Given.Noon.AddDays(9), Answer = Answer("k1", """{"second":true}""") });
        Assert.Equal("""{"second":true}""", Given.Text((await Journal.AnswerAsync("k1", None))!.Json));
        Assert.IsType<KeyKnown>(await CommitAsync(Given.Turn(Given.Atp(4), 1) with { Answer = Answer("k4") }));

        async Task<List<string>> KnownAsync()
        {
            var known = new List<string>();
            for (var i = 1; i <= 5; i++)
            {
                if (await Journal.AnswerAsync($"k{i}", None) is not null) known.Add($"k{i}");
            }

            return known;
        }
    }

    [SuiteFact]
    public async Task Forgetting_beside_commits_touches_no_turn_in_flight()
    {
        var nodes = await NodesAsync(2);
        for (var i = 1; i <= 50; i++) await MustCommitAsync(Given.Turn(Given.Atp(i), 0) with { At = Given.Noon, Answer = Answer($"old{i}") });
        var sweeps = nodes.Select(async node =>
        {
            var forgotten = 0;
            for (var i = 0; i < 20; i++) forgotten += await node.ForgetAnswersAsync(Given.Noon.AddDays(1), 5, None);
            return forgotten;
        }).ToList();
        var commits = Enumerable.Range(1, 50)
            .Select(
                i => nodes[i % 2].CommitAsync(
                    [Given.Turn(Given.Atp(100 + i), 0) with { At = Given.Noon.AddDays(2), Answer = Answer($"new{i}") }], None))
            .ToList();
        Assert.All(await Task.WhenAll(commits), results => Assert.IsType<Committed>(Assert.Single(results)));
        Assert.Equal(50, (await Task.WhenAll(sweeps)).Sum());
        for (var i = 1; i <= 50; i++) Assert.NotNull(await Journal.AnswerAsync($"new{i}", None));
        for (var i = 1; i <= 50; i++) Assert.Null(await Journal.AnswerAsync($"old{i}", None));
    }

    [SuiteFact]
    public async Task Effects_are_consumed_once_although_every_answer_is_forgotten()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0) with { Effects = [Given.Effect("e1")], Answer = Answer("k") });
        var due = await TakeOneAsync();
        await MustCommitAsync(Given.Turn(Given.Atp(1), 1) with { Consumes = new Consumption("e1", due.LeaseToken), Answer = Answer("effect") });
        Assert.Equal(2, await Journal.ForgetAnswersAsync(DateTimeOffset.MaxValue, 10, None));
        Assert.IsType<AlreadyConsumed>(await CommitAsync(
            Given.Turn(Given.Atp(1), 2) with { Consumes = new Consumption("e1", due.LeaseToken), Answer = Answer("effect") }));
        Assert.Equal(2, await VersionAsync(Given.Atp(1)));
    }

    [SuiteFact]
    public async Task A_refused_turn_leaves_its_key_free()
    {
        await CommitAsync(Given.Turn(Given.Atp(1), 7) with { Answer = Answer("k") });
        Assert.Null(await Journal.AnswerAsync("k", None));
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0) with { Answer = Answer("k") });
    }

    [SuiteFact]
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
