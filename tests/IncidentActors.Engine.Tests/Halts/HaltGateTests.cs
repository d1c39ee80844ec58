using IncidentActors.Core.Halts;
using IncidentActors.Engine.Halts;

namespace IncidentActors.Engine.Tests.Halts;

/// <summary>The gate's knowledge of halts when lists and news cross: what is newer stays.</summary>
public sealed class HaltGateTests
{
    private readonly HaltGate gate = new(TimeProvider.System);

    [Fact]
    public async Task A_list_that_was_read_before_a_raise_does_not_forget_it()
    {
        var list = new TaskCompletionSource<IReadOnlyList<HaltRecord>>();
        var refresh = gate.RefreshAsync(_ => list.Task);
        gate.Learn(Halt("HLT-1"));
        list.SetResult([]);
        await refresh;
        Assert.Equal(["HLT-1"], Known);
        await gate.RefreshAsync(_ => Read());
        Assert.Empty(Known);
    }

    [Fact]
    public async Task A_list_that_was_read_before_a_lift_does_not_raise_again()
    {
        gate.Learn(Halt("HLT-1"));
        var list = new TaskCompletionSource<IReadOnlyList<HaltRecord>>();
        var refresh = gate.RefreshAsync(_ => list.Task);
        gate.Learn(Halt("HLT-1") with { LiftedAt = DateTimeOffset.UnixEpoch.AddHours(1) });
        list.SetResult([Halt("HLT-1"), Halt("HLT-2")]);
        await refresh;
        Assert.Equal(["HLT-2"], Known);
    }

    [Fact]
    public async Task Of_two_lists_the_one_whose_read_began_later_stays()
    {
        var old = new TaskCompletionSource<IReadOnlyList<HaltRecord>>();
        var slow = gate.RefreshAsync(_ => old.Task);
        await gate.RefreshAsync(_ => Read(Halt("HLT-1"), Halt("HLT-2")));
        old.SetResult([Halt("HLT-1")]);
        await slow;
        Assert.Equal(["HLT-1", "HLT-2"], Known);
    }

    [Fact]
    public async Task Ended_halts_that_ask_for_a_briefing_are_known_from_the_start_and_when_the_news_of_the_lift_is_lost()
    {
        var required = Halt("HLT-1") with { BriefingRequired = true };
        DateTimeOffset? since = null;
        await gate.RefreshAsync(liftedAfter =>
        {
            since = liftedAfter;
            var lifted = DateTimeOffset.UtcNow;
            return Read(required with { LiftedAt = lifted }, required with { Id = "HLT-2" }, Halt("HLT-3") with { LiftedAt = lifted });
        });
        Assert.NotNull(since);
        Assert.Equal("HLT-1", Assert.Single(gate.Briefings).Id);
        Assert.Equal(["HLT-1", "HLT-3"], gate.Ended.Select(halt => halt.Id));
        await gate.RefreshAsync(liftedAfter =>
        {
            since = liftedAfter;
            return Read();
        });
        Assert.Null(since);
        Assert.Equal(["HLT-1", "HLT-2"], gate.Briefings.Select(halt => halt.Id));
    }

    [Fact]
    public async Task A_list_that_was_read_after_the_news_replaces_them()
    {
        gate.Learn(Halt("HLT-1"));
        gate.Learn(Halt("HLT-2"));
        await gate.RefreshAsync(_ => Read(Halt("HLT-2")));
        Assert.Equal(["HLT-2"], Known);
    }

    private IEnumerable<string> Known => gate.Active.Select(halt => halt.Id);

    private static Task<IReadOnlyList<HaltRecord>> Read(params HaltRecord[] halts) => Task.FromResult<IReadOnlyList<HaltRecord>>(halts);

    private static HaltRecord Halt(string id) => new(id, HaltScope.All, "drill", "@pm", null, SparesUrgent: false, DateTimeOffset.UnixEpoch);
}
