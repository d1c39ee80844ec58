using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Tests;

public abstract partial class StoreSuite
{
    [SuiteFact]
    public async Task A_committed_turn_is_read_back_as_it_was_written()
    {
        var at = Given.Noon.AddTicks(1234567);
        var index = new DocumentIndex("REVIEW", Open: true, 2, "INC-1", "@dev", "bugfix");
        var turn = Given.Turn(Given.Atp(1), 0, 2, index) with { At = at, Token = "tok", Trace = "00-abc" };
        var committed = await MustCommitAsync(turn);

        var actor = Assert.IsType<StoredActor>(await Journal.LoadAsync(Given.Atp(1), None));
        Assert.Equal((Given.Atp(1), 2, index), (actor.Actor, actor.Version, actor.Index));
        Assert.Equal(Given.Text(turn.Appends[0].Document), Given.Text(actor.Document));

        var history = await Journal.HistoryAsync(Given.Atp(1), 0, 10, None);
        Assert.Equal([1, 2], history.Select(one => one.Version));
        Assert.Equal(committed.Position, history[0].Position);
        Assert.Equal(
            ("atp.worked.v1", at, "@dev", "INC-1", null, "tok", "00-abc", """{"n":1}"""),
            (history[0].Name, history[0].At, history[0].By, history[0].Incident, history[0].Cause, history[0].Token, history[0].Trace,
                Given.Text(history[0].Payload)));
        Assert.Equal(history.Select(one => one.Position), (await WholeFeedAsync()).Select(one => one.Position));
    }

    [SuiteFact]
    public async Task Nobody_is_not_there()
    {
        Assert.Null(await Journal.LoadAsync(Given.Atp(1), None));
        Assert.Empty(await Journal.HistoryAsync(Given.Atp(1), 0, 10, None));
        Assert.Empty(await Journal.CommitAsync([], None));
    }

    [SuiteFact]
    public async Task History_goes_on_after_a_version_and_stops_at_the_limit()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0, 5));
        Assert.Equal([3, 4], (await Journal.HistoryAsync(Given.Atp(1), 2, 2, None)).Select(one => one.Version));
    }

    [SuiteFact]
    public async Task A_turn_on_another_version_is_stale()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0));
        Assert.Equal(new Stale(Given.Atp(1)), await CommitAsync(Given.Turn(Given.Atp(1), 0)));
        Assert.Equal(new Stale(Given.Atp(1)), await CommitAsync(Given.Turn(Given.Atp(1), 2)));
        Assert.Equal(new Stale(Given.Atp(2)), await CommitAsync(Given.Turn(Given.Atp(2), 1)));
        Assert.Equal(1, await VersionAsync(Given.Atp(1)));
    }

    [SuiteFact]
    public async Task A_refused_turn_writes_nothing_of_all_its_parts()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(2), 0));
        await MustCommitAsync(Given.Turn() with { Effects = [Given.Effect("e1"), Given.Effect("clock", clock: true)] });
        var taken = await Journal.TakeDueAsync("n1", Given.Noon, TimeSpan.FromMinutes(1), 10, None);
        var everything = Given.Turn(Given.Atp(1), 0) with
        {
            Appends = [Given.Append(Given.Atp(1), 0), Given.Append(Given.Atp(2), 0)],
            Answer = new KeyedAnswer("k", "h", Given.Json("{}")),
            Consumes = new Consumption("e1", taken[0].LeaseToken),
            Effects = [Given.Effect("e2")],
            Cancels = ["clock"],
            Claims = [new ClaimRecord("name", Given.Atp(1))],
            Messages = [Given.Message("m1", "@dev")],
            Halts = [Given.HaltOf(Core.Halts.HaltScope.All)],
        };

        Assert.Equal(new Stale(Given.Atp(2)), await CommitAsync(everything));

        Assert.Equal(0, await VersionAsync(Given.Atp(1)));
        Assert.Single(await WholeFeedAsync());
        Assert.Null(await Journal.AnswerAsync("k", None));
        Assert.NotNull(await Journal.EffectAsync("e1", None));
        Assert.NotNull(await Journal.EffectAsync("clock", None));
        Assert.Null(await Journal.EffectAsync("e2", None));
        Assert.Null(await Journal.HolderAsync("name", None));
        Assert.Null(await Journal.MessageAsync("m1", None));
        Assert.Empty(await Journal.HaltsAsync(null, None));
    }

    [SuiteFact]
    public async Task Actors_of_one_turn_change_together()
    {
        await MustCommitAsync(Given.Turn() with { Appends = [Given.Append(Given.Atp(1), 0), Given.Append(Given.Atp(2), 0, 2)] });
        Assert.Equal((1, 2), (await VersionAsync(Given.Atp(1)), await VersionAsync(Given.Atp(2))));
    }

    [SuiteFact]
    public async Task A_guard_refuses_when_what_was_read_has_changed()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(1), 0));
        var guarded = Given.Turn(Given.Atp(2), 0);
        Assert.Equal(new Stale(Given.Atp(1)), await CommitAsync(guarded with { Guards = [new Guard(Given.Atp(1), 2)] }));
        Assert.Equal(new Stale(Given.Atp(1)), await CommitAsync(guarded with { Guards = [new Guard(Given.Atp(1), 0)] }));
        Assert.Equal(new Stale(Given.Atp(3)), await CommitAsync(guarded with { Guards = [new Guard(Given.Atp(3), 1)] }));
        await MustCommitAsync(guarded with { Guards = [new Guard(Given.Atp(1), 1), new Guard(Given.Atp(3), 0)] });
        await MustCommitAsync(Given.Turn(Given.Atp(3), 0));
    }

    [SuiteFact]
    public async Task Later_turns_of_a_call_see_earlier_ones_and_fail_by_themselves()
    {
        var results = await Journal.CommitAsync(
            [
                Given.Turn(Given.Atp(1), 0),
                Given.Turn(Given.Atp(1), 1, 2),
                Given.Turn(Given.Atp(1), 1),
                Given.Turn(Given.Atp(2), 0) with { Guards = [new Guard(Given.Atp(1), 3)] },
                Given.Turn(Given.Atp(3), 0) with { Guards = [new Guard(Given.Atp(1), 1)] },
                Given.Turn(Given.Atp(1), 3),
            ],
            None);
        Assert.Equal(
            [typeof(Committed), typeof(Committed), typeof(Stale), typeof(Committed), typeof(Stale), typeof(Committed)],
            results.Select(result => result.GetType()));
        Assert.Equal((4, 1, 0), (await VersionAsync(Given.Atp(1)), await VersionAsync(Given.Atp(2)), await VersionAsync(Given.Atp(3))));
        var last = await Journal.LoadAsync(Given.Atp(1), None);
        Assert.Equal("""{"id":"AT-0001","version":4}""", Given.Text(last!.Document));
    }

    [SuiteFact]
    public async Task A_thousand_turns_commit_in_one_call_in_their_order()
    {
        await MustCommitAsync(Given.Turn(Given.Atp(500), 0));
        var results = await Journal.CommitAsync([.. Enumerable.Range(0, 1000).Select(i => Given.Turn(Given.Atp(i), 0))], None);
        Assert.Equal(new Stale(Given.Atp(500)), Assert.Single(results, result => result is not Committed));
        var positions = results.OfType<Committed>().Select(committed => committed.Position).ToList();
        Assert.Equal(positions.Order(), positions);
        Assert.Equal(1000, (await WholeFeedAsync(page: 300)).Count);
    }

    [SuiteFact]
    public async Task A_thousand_turns_of_one_actor_commit_in_one_call()
    {
        var results = await Journal.CommitAsync([.. Enumerable.Range(0, 1000).Select(i => Given.Turn(Given.Atp(1), i))], None);
        Assert.All(results, result => Assert.IsType<Committed>(result));
        Assert.Equal(1000, await VersionAsync(Given.Atp(1)));
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), (await WholeFeedAsync(page: 300)).Select(one => one.Version));
    }

    [SuiteFact]
    public async Task Json_is_kept_byte_for_byte()
    {
        const string Strange = """{ "b":1,"a" : 1.000, "a":2e400, "text":"\u0000 \u00e9 é 🚒 \/ \\u0000" }""";
        var append = Given.Append(Given.Atp(1), 0) with
        {
            Events = [new EventRecord("atp.worked.v1", Given.Json(Strange))],
            Document = Given.Json(Strange),
        };
        await MustCommitAsync(Given.Turn() with { Appends = [append], Answer = new KeyedAnswer("k", "h", Given.Json(Strange)) });
        Assert.Equal(Strange, Given.Text((await Journal.LoadAsync(Given.Atp(1), None))!.Document));
        Assert.Equal(Strange, Given.Text(Assert.Single(await WholeFeedAsync()).Payload));
        Assert.Equal(Strange, Given.Text((await Journal.AnswerAsync("k", None))!.Json));
    }

    [SuiteFact]
    public async Task What_no_store_can_keep_is_refused_before_anything_is_written()
    {
        TurnRecord[] malformed =
        [
            Given.Turn(ActorId.Atp("AT\0"), 0),
            Given.Turn(ActorId.Atp("AT-\ud83d"), 0),
            Given.Turn() with { By = "@dev\0" },
            Given.Turn(Given.Atp(2), 0, events: 0),
            Given.Turn() with { Appends = [Given.Append(Given.Atp(2), 0), Given.Append(Given.Atp(2), 1)] },
            Given.Turn() with { Effects = [Given.Effect("e") with { LeaseToken = "half" }] },
        ];
        foreach (var turn in malformed)
            await Assert.ThrowsAsync<ArgumentException>(() => Journal.CommitAsync([Given.Turn(Given.Atp(1), 0), turn], None));
        Assert.Empty(await WholeFeedAsync());
    }
}
