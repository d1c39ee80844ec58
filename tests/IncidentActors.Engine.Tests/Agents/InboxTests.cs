using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Agents;

public sealed class InboxTests : IAsyncDisposable
{
    private readonly TestEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task Work_set_aside_under_several_halts_is_found_in_the_order_in_which_it_was_taken_up()
    {
        await WorkAsync("AT-C");
        await WorkAsync("AT-A");
        await WorkAsync("AT-B");
        await HaltAsync("HLT-1", "atp:AT-B");
        Assert.Equal(["AT-B"], (await FetchAsync()).SetAside.Select(one => one.Id));
        await HaltAsync("HLT-2", "all");
        Assert.Equal(["AT-C", "AT-A", "AT-B"], (await FetchAsync()).SetAside.Select(one => one.Id));
        foreach (var halt in new[] { "HLT-1", "HLT-2" }) await OkAsync(engine.Halt(halt).DoAsync(new LiftHalt(), By("@operator")));
        var inbox = await FetchAsync();
        Assert.Equal(["AT-C", "AT-A", "AT-B"], inbox.Work.Select(one => one.Id));
        Assert.Equal(["AT-C", "AT-A", "AT-B"], inbox.Resumed.AsEnumerable());
    }

    [Fact]
    public async Task A_halt_of_one_ATP_is_confirmed_by_its_owner()
    {
        await WorkAsync("AT-A");
        await HaltAsync("HLT-1", "atp:AT-A");
        await OkAsync(engine.Agent("@dev").DoAsync(new AcknowledgeHalt("HLT-1", "stopped"), By("@dev")));
        await RefusedAsync(engine.Agent("@qa").DoAsync(new AcknowledgeHalt("HLT-1"), By("@qa")), Rules.HaltUnknown);
    }

    [Fact]
    public async Task A_first_fetch_under_a_key_is_no_other_request_than_itself() =>
        Assert.Null((await engine.Agent("@ada").FetchInboxAsync(By("@ada", "k1"), 10)).Refusal);

    [Fact]
    public async Task Who_becomes_known_by_a_tool_has_the_team_of_the_token_and_its_halts()
    {
        var bob = By("@bob") with { Roles = ["security-review"], Team = "payments" };
        await OkAsync(engine.Atp("AT-B").DoAsync(new CreateAtp("work", Flow: "standard", Owner: "@bob"), bob));
        await HaltAsync("HLT-1", "team:payments");

        var known = (await engine.Agent("@bob").GetAsync())!;
        Assert.Equal<IEnumerable<string>>(["security-review"], known.Roles);
        Assert.Equal(("payments", "halted"), (known.Team, known.Status));
        await RefusedAsync(engine.Atp("AT-B").DoAsync(new SetAtp(Notes: "on it"), bob), Rules.Halted);
        Assert.Contains((await engine.Halt("HLT-1").GetAsync())!.Agents, one => one.Agent == "@bob");
        Assert.Equal("HLT-1", Assert.Single((await engine.Agent("@bob").FetchInboxAsync(bob, 10)).Inbox!.Halts).Id);
        await OkAsync(engine.Agent("@bob").DoAsync(new AcknowledgeHalt("HLT-1"), bob));
    }

    private async Task WorkAsync(string id)
    {
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await OkAsync(engine.Atp(id).DoAsync(new CreateAtp("work", Flow: "standard", Owner: "@dev"), By("@dev")));
    }

    private async Task HaltAsync(string id, string scope)
    {
        Assert.True(HaltScope.TryParse(scope, out var parsed));
        await OkAsync(engine.Halt(id).DoAsync(new RaiseHalt(parsed, "drill"), By("@operator")));
    }

    private async Task<InboxView> FetchAsync() => (await engine.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!;
}
