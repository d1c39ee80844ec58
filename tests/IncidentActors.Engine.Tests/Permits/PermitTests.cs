using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Permits;
using IncidentActors.Testing;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Permits;

/// <summary>A halt ends every permit that it covers in its own commit, says by when the last has ended, and counts the reports.</summary>
public sealed class PermitTests : IAsyncLifetime
{
    private readonly TestEngine engine = new();
    private readonly PermitBook book;

    public PermitTests() => book = new PermitBook(engine.Turns);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await engine.DisposeAsync();

    [Fact]
    public async Task None_is_granted_under_a_halt_that_covers_it()
    {
        await RaiseAsync("HLT-1", "service:checkout+action:deploy*");
        var refused = await RefusedAsync(book.RequestAsync(new RequestPermit("deploy", "checkout"), By("@sre")), Rules.Halted);
        Assert.Equal("HLT-1", refused.Halt!.Id);
        await GrantAsync("deploy", "search");
        await GrantAsync("restart", "checkout");
    }

    [Fact]
    public async Task A_halt_ends_the_permit_and_what_was_ended_stays_ended_when_it_is_lifted()
    {
        var id = await GrantAsync("deploy", "checkout");
        var other = await GrantAsync("deploy", "search");
        await RaiseAsync("HLT-1", "service:checkout");
        Assert.Equal(("halted", "HLT-1"), await StandsAsync(id));
        Assert.Equal(("open", null), await StandsAsync(other));
        Assert.Equal(RejectionKind.Halted, (await RefusedAsync(book.DoAsync(id, new RenewPermit(), By("@sre")), Rules.PermitEnded)).Kind);
        await OkAsync(engine.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));
        Assert.Equal(("halted", "HLT-1"), await StandsAsync(id));
        await RefusedAsync(book.DoAsync(id, new RenewPermit(), By("@sre")), Rules.PermitEnded);
        var later = await GrantAsync("deploy", "checkout");
        Assert.Equal(("open", null), await StandsAsync(later));
        await OkAsync(book.DoAsync(later, new RenewPermit(), By("@sre")));
    }

    [Fact]
    public async Task The_time_of_two_nodes_may_differ_and_the_order_of_commits_decides()
    {
        engine.Time.Advance(TimeSpan.FromMinutes(2));
        var id = await GrantAsync("deploy", "checkout");
        engine.Time.AdjustTime(engine.Time.GetUtcNow() - TimeSpan.FromMinutes(2));
        await RaiseAsync("HLT-1", "all");
        await OkAsync(engine.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));
        Assert.Equal(("halted", "HLT-1"), await StandsAsync(id));
    }

    [Fact]
    public async Task A_halt_states_the_time_by_which_the_last_has_ended_and_when_it_was_so()
    {
        var reported = await GrantAsync("deploy", "checkout");
        engine.Time.Advance(TimeSpan.FromSeconds(10));
        var silent = await GrantAsync("deploy", "search");
        var until = (await book.GetAsync(silent, default))!.Until;
        var raised = await OkAsync(RaiseAsync("HLT-1", "all"));
        Assert.Equal(
            engine.Time.GetUtcNow().AddSeconds(engine.Options.Permits.MaxSeconds),
            raised.Answer.GetProperty("permits").GetProperty("mustEndBy").GetDateTimeOffset());

        var first = (await engine.Halt("HLT-1").GetAsync())!.Permits!;
        Assert.Equal((2, 0, 0, until, (DateTimeOffset?)null), (first.AtRaise, first.Confirmed, first.Unreported, first.MustEndBy, first.QuietAt));
        await OkAsync(book.DoAsync(reported, new EndPermit(PermitOutcome.Unknown, "stopped"), By("@sre")));
        var second = (await engine.Halt("HLT-1").GetAsync())!.Permits!;
        Assert.Equal((2, 1, (DateTimeOffset?)null), (second.AtRaise, second.Confirmed, second.QuietAt));
        await engine.PassAsync(TimeSpan.FromMinutes(5));
        var last = (await engine.Halt("HLT-1").GetAsync())!.Permits!;
        Assert.Equal((2, 1, 1, until, (DateTimeOffset?)until), (last.AtRaise, last.Confirmed, last.Unreported, last.MustEndBy, last.QuietAt));
        Assert.Equal("unknown", (await book.GetAsync(silent, default))!.Status);
        Assert.Contains((await book.ListAsync(new ActorFilter(ActorKind.Permit) { Open = true }, default)).Items, permit => permit.Id == silent);
    }

    [Fact]
    public async Task Without_an_open_permit_a_halt_is_quiet_at_once()
    {
        await RaiseAsync("HLT-1", "all");
        var permits = (await engine.Halt("HLT-1").GetAsync())!.Permits!;
        Assert.Equal((0, engine.Time.GetUtcNow()), (permits.AtRaise, permits.QuietAt));
    }

    [Fact]
    public async Task The_same_deploy_waits_until_the_unknown_one_is_settled()
    {
        var id = await GrantAsync("deploy", "checkout");
        await engine.PassAsync(TimeSpan.FromMinutes(5));
        await RefusedAsync(book.RequestAsync(new RequestPermit("deploy", "checkout"), By("@dev")), Rules.PermitUnsettled);
        await GrantAsync("deploy", "search");
        await OkAsync(book.DoAsync(id, new EndPermit(PermitOutcome.Done), By("@operator")));
        await GrantAsync("deploy", "checkout");
    }

    [Fact]
    public async Task An_outside_halt_stops_actions_and_not_the_work_in_the_journal()
    {
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill", Mode: HaltMode.Outside), By("@operator")));
        await OkAsync(engine.Atp("AT-1").DoAsync(new Core.Atps.CreateAtp("Tidy"), By("@sre")));
        await RefusedAsync(book.RequestAsync(new RequestPermit("deploy", "checkout"), By("@sre")), Rules.Halted);
        await OkAsync(engine.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));
        await OkAsync(engine.Halt("HLT-2").DoAsync(new RaiseHalt(HaltScope.All, "drill", Mode: HaltMode.ReadOnly), By("@operator")));
        await RefusedAsync(book.RequestAsync(new RequestPermit("edit"), By("@sre")), Rules.Halted);
        await GrantAsync("query-logs", null);
    }

    [Fact]
    public async Task Who_waits_is_told_at_once()
    {
        using var watch = new PermitWatch(engine.Turns);
        var id = await GrantAsync("deploy", "checkout");
        var waiting = watch.WaitAsync(id, TimeSpan.FromMinutes(1), CancellationToken.None);
        await RaiseAsync("HLT-1", "all");
        Assert.Equal("halted", (await waiting.EndsAsync("the answer"))!.Status);
        Assert.Null(await watch.WaitAsync("PRM-none", TimeSpan.FromMinutes(1), CancellationToken.None));
    }

    [Fact]
    public async Task An_agent_is_guarded_where_an_enforcement_point_has_held_its_actions()
    {
        await OkAsync(book.RequestAsync(new RequestPermit("edit", Path: "hook"), By("@dev")));
        await OkAsync(book.RequestAsync(new RequestPermit("edit"), By("@qa")));
        await RaiseAsync("HLT-1", "all");
        var agents = (await engine.Halt("HLT-1").GetAsync())!.Agents;
        Assert.Equal("hook", Assert.Single(agents.Single(agent => agent.Agent == "@dev").Guards));
        Assert.Empty(agents.Single(agent => agent.Agent == "@qa").Guards);
    }

    private Task<Outcome> RaiseAsync(string id, string scope) =>
        HaltScope.TryParse(scope, out var parsed)
            ? engine.Halt(id).DoAsync(new RaiseHalt(parsed, "drill"), By("@operator"))
            : throw new ArgumentException(scope);

    private async Task<string> GrantAsync(string action, string? target) =>
        (await OkAsync(book.RequestAsync(new RequestPermit(action, target), By("@sre")))).Answer.GetProperty("id").GetString()!;

    private async Task<(string Status, string? Halt)> StandsAsync(string id) =>
        await book.GetAsync(id, default) is { } view ? (view.Status, view.HaltId) : throw new ArgumentException(id);
}
