using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static TurnRecord Writes(params EffectRecord[] effects) => Given.Turn() with { Effects = [.. effects] };

    private static TurnRecord Consumes(DueEffect effect) => Given.Turn() with { Consumes = new Consumption(effect.Id, effect.LeaseToken) };

    private Task<IReadOnlyList<DueEffect>> TakeAsync(DateTimeOffset now, int limit = 10, string node = "n1") =>
        Journal.TakeDueAsync(node, now, Minute, limit, None);

    [SuiteFact]
    public async Task An_effect_comes_as_it_was_written()
    {
        var record = Given.Effect("e", Given.Noon.AddTicks(7), clock: true) with
        {
            Target = ActorId.Agent("@dev"),
            Counted = Given.Noon.AddTicks(-3),
            Subject = new Subject("@dev", "blue", "AT-1", "INC-1", Urgent: true),
        };
        await MustCommitAsync(Writes(record));
        var due = await TakeOneAsync(record.Due);
        Assert.Equal(
            (record.Id, record.Target, record.Due, record.Counted, record.Subject, record.Clock, 1),
            (due.Id, due.Target, due.Due, due.Counted, due.Subject, due.Clock, due.Attempts));
        Assert.Equal(Given.Text(record.Command), Given.Text(due.Command));
        Assert.Equal(due.LeaseToken, (await Journal.EffectAsync("e", None))!.LeaseToken);
    }

    [SuiteFact]
    public async Task Due_effects_come_in_order_up_to_the_limit_and_others_wait()
    {
        await MustCommitAsync(Writes(
            Given.Effect("late", Given.Noon.AddSeconds(1)), Given.Effect("second"), Given.Effect("a third"),
            Given.Effect("first", Given.Noon.AddSeconds(-1))));
        Assert.Equal(Given.Noon.AddSeconds(-1), await Journal.NextDueAsync(None));
        Assert.Equal(["first", "second"], (await TakeAsync(Given.Noon, 2)).Select(effect => effect.Id));
        Assert.Equal(["a third"], (await TakeAsync(Given.Noon)).Select(effect => effect.Id));
        Assert.Empty(await TakeAsync(Given.Noon));
        Assert.Equal(Given.Noon.AddSeconds(1), await Journal.NextDueAsync(None));
    }

    [SuiteFact]
    public async Task Nothing_is_due_where_nothing_waits()
    {
        Assert.Null(await Journal.NextDueAsync(None));
        Assert.Empty(await TakeAsync(Given.Noon));
        Assert.Null(await Journal.EffectAsync("e", None));
    }

    [SuiteFact]
    public async Task Consuming_an_effect_removes_it_and_works_once()
    {
        await MustCommitAsync(Writes(Given.Effect("e")));
        var due = await TakeOneAsync();
        Assert.Equal(0, (await MustCommitAsync(Consumes(due))).Position);
        Assert.Null(await Journal.EffectAsync("e", None));
        Assert.Null(await Journal.NextDueAsync(None));
        Assert.Equal(new AlreadyConsumed(), await CommitAsync(Consumes(due)));
    }

    [SuiteFact]
    public async Task An_effect_is_consumed_once_within_a_call()
    {
        await MustCommitAsync(Writes(Given.Effect("e")));
        var due = await TakeOneAsync();
        var results = await Journal.CommitAsync([Consumes(due), Consumes(due)], None);
        Assert.IsType<Committed>(results[0]);
        Assert.IsType<AlreadyConsumed>(results[1]);
    }

    [SuiteFact]
    public async Task The_cause_stands_with_the_events()
    {
        await MustCommitAsync(Writes(Given.Effect("e")));
        await MustCommitAsync(Consumes(await TakeOneAsync()) with { Appends = [Given.Append(Given.Atp(1), 0)] });
        Assert.Equal("e", Assert.Single(await WholeFeedAsync()).Cause);
    }

    [SuiteFact]
    public async Task A_lease_that_ended_is_taken_over_and_its_token_is_worth_nothing()
    {
        await MustCommitAsync(Writes(Given.Effect("e")));
        var first = await TakeOneAsync();
        Assert.Equal(Given.Noon + Minute, await Journal.NextDueAsync(None));
        Assert.Empty(await TakeAsync(Given.Noon + Minute - TimeSpan.FromTicks(1), node: "n2"));

        var second = Assert.Single(await TakeAsync(Given.Noon + Minute, node: "n2"));
        Assert.Equal(2, second.Attempts);
        Assert.NotEqual(first.LeaseToken, second.LeaseToken);
        Assert.Equal(new AlreadyConsumed(), await CommitAsync(Consumes(first)));
        await MustCommitAsync(Consumes(second));
    }

    [SuiteFact]
    public async Task An_ended_lease_that_nobody_took_over_still_consumes()
    {
        await MustCommitAsync(Writes(Given.Effect("e")));
        var due = await TakeOneAsync();
        await MustCommitAsync(Consumes(due) with { At = Given.Noon + (2 * Minute) });
    }

    [SuiteFact]
    public async Task The_committing_node_may_keep_an_effect_for_itself()
    {
        await MustCommitAsync(Writes(Given.Effect("mine") with { LeaseToken = "t", LeaseUntil = Given.Noon + Minute }));
        var mine = Assert.IsType<DueEffect>(await Journal.EffectAsync("mine", None));
        Assert.Equal(("t", 1), (mine.LeaseToken, mine.Attempts));
        Assert.Empty(await TakeAsync(Given.Noon));
        await MustCommitAsync(Given.Turn() with { Consumes = new Consumption("mine", "t") });
    }

    [SuiteFact]
    public async Task A_held_effect_comes_again_at_its_new_time()
    {
        await MustCommitAsync(Writes(Given.Effect("e")));
        var due = await TakeOneAsync();
        await Journal.HoldAsync("e", "wrong", Given.Noon, Given.Noon, None);
        Assert.Empty(await TakeAsync(Given.Noon));
        await Journal.HoldAsync("e", due.LeaseToken, Given.Noon.AddHours(1), Given.Noon.AddSeconds(5), None);

        Assert.Equal("", (await Journal.EffectAsync("e", None))!.LeaseToken);
        Assert.Equal(new AlreadyConsumed(), await CommitAsync(Consumes(due)));
        Assert.Empty(await TakeAsync(Given.Noon + (2 * Minute)));
        Assert.Equal(Given.Noon.AddHours(1), await Journal.NextDueAsync(None));
        var again = await TakeOneAsync(Given.Noon.AddHours(1));
        Assert.Equal((Given.Noon.AddHours(1), Given.Noon.AddSeconds(5), 2), (again.Due, again.Counted, again.Attempts));
    }

    [SuiteFact]
    public async Task A_clock_that_is_started_again_replaces_the_one_that_ran()
    {
        await MustCommitAsync(Writes(Given.Effect("clock", clock: true)));
        var old = await TakeOneAsync();
        await MustCommitAsync(Writes(Given.Effect("clock", Given.Noon.AddHours(1), clock: true)));
        Assert.Equal(new AlreadyConsumed(), await CommitAsync(Consumes(old)));
        Assert.Empty(await TakeAsync(Given.Noon + (2 * Minute)));
        var again = await TakeOneAsync(Given.Noon.AddHours(1));
        Assert.Equal((Given.Noon.AddHours(1), 1), (again.Due, again.Attempts));
    }

    [SuiteFact]
    public async Task A_clock_may_start_itself_again_in_the_turn_that_it_rings()
    {
        await MustCommitAsync(Writes(Given.Effect("clock", clock: true)));
        var rings = Consumes(await TakeOneAsync());
        await MustCommitAsync(rings with { Cancels = ["clock"], Effects = [Given.Effect("clock", Given.Noon.AddHours(1), clock: true)] });
        Assert.Equal(Given.Noon.AddHours(1), await Journal.NextDueAsync(None));
    }

    [SuiteFact]
    public async Task A_canceled_clock_is_gone_and_one_that_does_not_run_is_no_error()
    {
        await MustCommitAsync(Writes(Given.Effect("clock", clock: true)));
        var due = await TakeOneAsync();
        await MustCommitAsync(Given.Turn() with { Cancels = ["clock", "never"] });
        Assert.Null(await Journal.EffectAsync("clock", None));
        Assert.Equal(new AlreadyConsumed(), await CommitAsync(Consumes(due)));
    }

    [SuiteFact]
    public async Task Effects_written_replaced_and_stopped_within_a_call_end_as_the_last_turn_says()
    {
        var results = await Journal.CommitAsync(
            [
                Writes(Given.Effect("a"), Given.Effect("b")),
                Writes(Given.Effect("own") with { LeaseToken = "t", LeaseUntil = Given.Noon + Minute }),
                Writes(Given.Effect("a", Given.Noon.AddHours(1))),
                Given.Turn() with { Cancels = ["b"] },
                Given.Turn() with { Consumes = new Consumption("own", "t") },
            ],
            None);
        Assert.All(results, result => Assert.IsType<Committed>(result));
        Assert.Equal(Given.Noon.AddHours(1), (await Journal.EffectAsync("a", None))!.Due);
        Assert.Null(await Journal.EffectAsync("b", None));
        Assert.Null(await Journal.EffectAsync("own", None));
    }

    [SuiteFact]
    public async Task Nodes_that_take_at_the_same_time_take_different_effects()
    {
        await MustCommitAsync(Writes([.. Enumerable.Range(0, 200).Select(i => Given.Effect($"e{i}"))]));
        var other = await AnotherNodeAsync();
        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => (i % 2 == 0 ? Journal : other).TakeDueAsync($"n{i}", Given.Noon, Minute, 15, None)));
        var rest = await TakeAsync(Given.Noon, 1000);
        Assert.Equal(200, taken.SelectMany(some => some).Concat(rest).Select(effect => effect.Id).Distinct().Count());
        Assert.Equal(200, taken.Sum(some => some.Count) + rest.Count);
    }
}
