using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

/// <summary>Several nodes want the same thing: one gets it, the others are told, and nobody meets an exception.</summary>
public abstract partial class StoreSuite
{
    private async Task<List<CommitResult>> RaceAsync(Func<int, IReadOnlyList<TurnRecord>> batchOf, int racers = 8)
    {
        var nodes = await NodesAsync(3);
        var results = await Task.WhenAll(Enumerable.Range(0, racers).Select(
            racer => Task.Run(() => nodes[racer % nodes.Length].CommitAsync(batchOf(racer), None))));
        return [.. results.SelectMany(result => result)];
    }

    [SuiteFact]
    public async Task One_of_many_wins_a_new_actor_and_each_of_its_versions()
    {
        for (var version = 0; version < 5; version++)
        {
            var results = await RaceAsync(_ => [Given.Turn(Given.Atp(1), version)]);
            Assert.Single(results, result => result is Committed);
            Assert.All(results.Where(result => result is not Committed), result => Assert.Equal(new Stale(Given.Atp(1)), result));
        }

        Assert.Equal([1, 2, 3, 4, 5], (await Journal.HistoryAsync(Given.Atp(1), 0, 100, None)).Select(one => one.Version));
    }

    [SuiteFact]
    public async Task One_of_many_wins_a_key()
    {
        var results = await RaceAsync(racer => [Given.Turn(Given.Atp(racer), 0) with { Answer = Answer("k", $$"""{"n":{{racer}}}""") }]);
        Assert.Single(results, result => result is Committed);
        var first = Given.Text((await Journal.AnswerAsync("k", None))!.Json);
        Assert.All(results.OfType<KeyKnown>(), known => Assert.Equal(first, Given.Text(known.Answer.Json)));
        Assert.Equal(7, results.OfType<KeyKnown>().Count());
    }

    [SuiteFact]
    public async Task One_of_many_wins_a_claim()
    {
        var results = await RaceAsync(racer => [Claims("name", racer)]);
        Assert.Single(results, result => result is Committed);
        var holder = await Journal.HolderAsync("name", None);
        Assert.All(results.OfType<ClaimTaken>(), taken => Assert.Equal(holder, taken.Holder));
        Assert.Equal(7, results.OfType<ClaimTaken>().Count());
    }

    [SuiteFact]
    public async Task One_of_many_consumes_an_effect()
    {
        await MustCommitAsync(Writes(Given.Effect("e")));
        var due = await TakeOneAsync();
        var results = await RaceAsync(_ => [Consumes(due)]);
        Assert.Single(results, result => result is Committed);
        Assert.Equal(7, results.OfType<AlreadyConsumed>().Count());
    }

    /// <summary>Batches that touch the same actors, keys, claims and clocks in opposite orders, some of them new, some guarded.</summary>
    [SuiteFact]
    public async Task Batches_that_cross_each_other_end_with_one_winner_each()
    {
        const int Rounds = 10, Actors = 20;
        for (var round = 0; round < Rounds; round++)
        {
            var results = await RaceAsync(racer =>
            {
                var order = Enumerable.Range(0, Actors);
                return [.. (racer % 2 == 0 ? order : order.Reverse()).Select(i => Given.Turn(Given.Atp(i), round) with
                {
                    Guards = [new Guard(Given.Atp(1000 + i), 0)],
                    Answer = i % 2 == 0 ? Answer($"{round}/{i}") : null,
                    Claims = [new ClaimRecord($"{round}/{i}", Given.Atp(i))],
                    Effects = [Given.Effect($"clock/{i}", clock: true), Given.Effect($"{round}/{i}/{racer}")],
                    Cancels = [$"clock/{Actors - i}"],
                })];
            });
            Assert.Equal(Actors, results.OfType<Committed>().Count());
            Assert.All(results, result => Assert.True(result is Committed or Stale or KeyKnown, $"{result}"));
        }

        Assert.Equal(Rounds * Actors, (await WholeFeedAsync(page: 500)).Count);
    }

    /// <summary>Two turns that each read what the other one changes: at most one of them may be right.</summary>
    [SuiteFact]
    public async Task Guards_exclude_decisions_that_overtake_each_other()
    {
        for (var round = 0; round < 20; round++)
        {
            var (left, right) = (Given.Atp(round * 2), Given.Atp((round * 2) + 1));
            var results = await RaceAsync(
                racer => racer == 0
                    ? [Given.Turn(left, 0) with { Guards = [new Guard(right, 0)] }]
                    : [Given.Turn(right, 0) with { Guards = [new Guard(left, 0)] }],
                racers: 2);
            Assert.Single(results, result => result is Committed);
            Assert.Single(results, result => result is Stale);
        }
    }
}
