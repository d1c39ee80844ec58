using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Permits;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Agents;

/// <summary>An agent that comes back from a halt learns once what changed meanwhile.</summary>
public sealed class BriefingTests
{
    [Fact]
    public async Task The_first_inbox_after_a_halt_says_what_changed_and_those_after_a_minute_do_not()
    {
        await using var engine = new TestEngine();
        var book = new PermitBook(engine.Turns);
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateAtp("Tidy", Owner: "@dev"), By("@pm")));
        var permit = (await OkAsync(book.RequestAsync(new RequestPermit("restart", "search"), By("@dev")))).Answer.GetProperty("id").GetString();
        HaltScope.TryParse("agent:@dev", out var scope);
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(scope, "double charges"), By("@operator")));
        var under = (await engine.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!;
        Assert.Equal(("AT-1", 0), (Assert.Single(under.SetAside).Id, under.Briefing.Length));
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await OkAsync(engine.Atp("AT-1").DoAsync(new SetAtp(null, "look at the pool first", null, null, null, []), By("@operator")));
        var deploy = (await OkAsync(book.RequestAsync(new RequestPermit("deploy", "search"), By("@sre")))).Answer.GetProperty("id").GetString()!;
        await OkAsync(book.DoAsync(deploy, new EndPermit(PermitOutcome.Done), By("@sre")));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));

        var briefing = Assert.Single((await engine.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!.Briefing);
        Assert.Equal(("HLT-1", "double charges", "@operator"), (briefing.HaltId, briefing.Reason, briefing.LiftedBy));
        Assert.Equal("AT-1", Assert.Single(briefing.Resumed));
        Assert.Contains(briefing.Changed, line => line.Contains("AT-1 by @operator", StringComparison.Ordinal));
        Assert.Equal(permit, Assert.Single(briefing.Permits).Id);
        Assert.Contains("deploy search", Assert.Single(briefing.Deployments), StringComparison.Ordinal);
        engine.Time.Advance(HaltBriefing.RepeatedFor);
        Assert.Empty((await engine.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!.Briefing);
    }

    [Fact]
    public async Task A_required_briefing_is_acknowledged_before_the_first_turn_also_by_an_agent_that_did_not_know_of_the_halt()
    {
        await using var engine = new TestEngine();
        var book = new PermitBook(engine.Turns);
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateAtp("Tidy", Owner: "@dev"), By("@pm")));
        await OkAsync(engine.Agent("@dev").DoAsync(new RegisterAgent(["dev"], null), By("@dev")));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "double charges", BriefingRequired: true), By("@operator")));
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await OkAsync(engine.Atp("AT-1").DoAsync(new SetAtp(null, "look at the pool first", null, null, null, []), By("@operator")));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));

        var note = new SetAtp(null, "on it", null, null, null, []);
        RefusedBy(Rules.HaltBriefing, await engine.Atp("AT-1").DoAsync(note, By("@dev")));
        RefusedBy(Rules.HaltBriefing, await book.RequestAsync(new RequestPermit("restart", "search"), By("@dev")));
        RefusedBy(Rules.HaltBriefing, await engine.Agent("@dev").DoAsync(new AcknowledgeHalt("HLT-1"), By("@dev")));
        var briefing = Assert.Single((await engine.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!.Briefing);
        Assert.True(briefing.Required);
        Assert.Contains(briefing.Changed, line => line.Contains("look at the pool first", StringComparison.Ordinal));
        RefusedBy(Rules.HaltBriefing, await engine.Atp("AT-1").DoAsync(note, By("@dev")));
        await OkAsync(engine.Agent("@dev").DoAsync(new AcknowledgeHalt("HLT-1"), By("@dev")));
        await OkAsync(engine.Atp("AT-1").DoAsync(note, By("@dev")));
        await OkAsync(book.RequestAsync(new RequestPermit("restart", "search"), By("@dev")));
        Assert.Empty((await engine.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!.Briefing);

        // An agent of a later time has missed nothing.
        await OkAsync(engine.Atp("AT-2").DoAsync(new CreateAtp("Tidy", Owner: "@new"), By("@new")));
    }

    [Fact]
    public async Task An_agent_that_did_not_look_under_the_halt_is_told_once_by_its_next_inbox()
    {
        await using var engine = new TestEngine();
        var book = new PermitBook(engine.Turns);
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateAtp("Tidy", Owner: "@dev"), By("@dev")));
        var permit = (await OkAsync(book.RequestAsync(new RequestPermit("restart", "search"), By("@dev")))).Answer.GetProperty("id").GetString();
        HaltScope.TryParse("agent:@other", out var other);
        await OkAsync(engine.Halt("HLT-0").DoAsync(new RaiseHalt(other, "not this agent"), By("@operator")));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "double charges"), By("@operator")));
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await OkAsync(engine.Atp("AT-1").DoAsync(new SetAtp(null, "look at the pool first\nHALT HLT-9", null, null, null, []), By("@operator")));
        foreach (var halt in (string[])["HLT-0", "HLT-1"]) await OkAsync(engine.Halt(halt).DoAsync(new LiftHalt(), By("@operator")));

        await OkAsync(engine.Atp("AT-1").DoAsync(new SetAtp(null, "on it", null, null, null, []), By("@dev")));
        var briefing = Assert.Single((await engine.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!.Briefing);
        Assert.Equal(("HLT-1", null, null), (briefing.HaltId, briefing.Required, briefing.Again));
        Assert.Contains("look at the pool first", Assert.Single(briefing.Changed), StringComparison.Ordinal);
        Assert.Equal(permit, Assert.Single(briefing.Permits).Id);
        Assert.All(briefing.Sentences(), line => Assert.DoesNotContain('\n', line));
        engine.Time.Advance(HaltBriefing.RepeatedFor);
        Assert.Empty((await engine.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!.Briefing);
    }

    /// <summary>The server may be killed after the commit and before the answer: the agent fetches again and misses nothing.</summary>
    [Fact]
    public async Task An_inbox_whose_answer_was_lost_is_fetched_again_with_the_briefing_and_the_work_set_aside()
    {
        await using var engine = new TestEngine();
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateAtp("Tidy", Owner: "@dev"), By("@dev")));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "double charges"), By("@operator")));
        Assert.Equal("AT-1", Assert.Single((await FetchAsync()).SetAside).Id);
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await OkAsync(engine.Atp("AT-1").DoAsync(new SetAtp(null, "look at the pool first", null, null, null, []), By("@operator")));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));

        var lost = await FetchAsync();
        engine.Time.Advance(HaltBriefing.RepeatedFor / 2);
        var again = await FetchAsync();
        foreach (var inbox in (InboxView[])[lost, again])
        {
            Assert.Equal("AT-1", Assert.Single(inbox.Resumed));
            var briefing = Assert.Single(inbox.Briefing);
            Assert.Equal(("HLT-1", "AT-1"), (briefing.HaltId, Assert.Single(briefing.Resumed)));
            Assert.Contains("look at the pool first", Assert.Single(briefing.Changed), StringComparison.Ordinal);
        }

        Assert.Equal((null, true), (Assert.Single(lost.Briefing).Again, Assert.Single(again.Briefing).Again));
        engine.Time.Advance(HaltBriefing.RepeatedFor);
        Assert.Empty((await FetchAsync()).Resumed);

        async Task<InboxView> FetchAsync() => (await engine.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!;
    }

    [Fact]
    public async Task An_agent_is_told_of_a_halt_that_covered_only_its_ATP_or_only_its_permit()
    {
        await using var engine = new TestEngine();
        var book = new PermitBook(engine.Turns);
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateAtp("Tidy", Owner: "@dev"), By("@dev")));
        await OkAsync(book.RequestAsync(new RequestPermit("restart", "search"), By("@sre")));
        await OkAsync(engine.Agent("@pm").DoAsync(new RegisterAgent(["pm"], null), By("@pm")));
        HaltScope.TryParse("atp:AT-1", out var atp);
        HaltScope.TryParse("action:restart", out var action);
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(atp, "wrong branch"), By("@operator")));
        await OkAsync(engine.Halt("HLT-2").DoAsync(new RaiseHalt(action, "no restarts", Mode: HaltMode.Outside), By("@operator")));
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        foreach (var halt in (string[])["HLT-1", "HLT-2"]) await OkAsync(engine.Halt(halt).DoAsync(new LiftHalt(), By("@operator")));
        Assert.Equal("HLT-1", Assert.Single(await BriefingAsync("@dev")).HaltId);
        Assert.Equal("HLT-2", Assert.Single(await BriefingAsync("@sre")).HaltId);
        Assert.Empty(await BriefingAsync("@pm"));
        engine.Time.Advance(HaltBriefing.RepeatedFor);
        Assert.Empty((await BriefingAsync("@dev")).Concat(await BriefingAsync("@sre")));

        async Task<IEnumerable<HaltBriefing>> BriefingAsync(string agent) =>
            (await engine.Agent(agent).FetchInboxAsync(By(agent), 10)).Inbox!.Briefing;
    }

    [Fact]
    public async Task A_lift_begins_with_chosen_agents_which_acknowledge_first()
    {
        await using var engine = new TestEngine();
        foreach (var agent in (string[])["@a", "@b"]) await OkAsync(engine.Agent(agent).DoAsync(new RegisterAgent(["dev"], null), By(agent)));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "double charges", BriefingRequired: true), By("@operator")));
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        HaltScope.TryParse("agent:@a", out var first);
        await OkAsync(engine.Halt("HLT-1").DoAsync(new LiftHalt(first), By("@operator")));
        RefusedBy(Rules.HaltBriefing, await engine.Atp("AT-1").DoAsync(new CreateAtp("Tidy", Owner: "@a"), By("@a")));
        Assert.Single((await engine.Agent("@a").FetchInboxAsync(By("@a"), 10)).Inbox!.Briefing);
        await OkAsync(engine.Agent("@a").DoAsync(new AcknowledgeHalt("HLT-1"), By("@a")));
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateAtp("Tidy", Owner: "@a"), By("@a")));
        RefusedBy(Rules.Halted, await engine.Atp("AT-2").DoAsync(new CreateAtp("Tidy", Owner: "@b"), By("@b")));
        Assert.Empty((await engine.Agent("@b").FetchInboxAsync(By("@b"), 10)).Inbox!.Briefing);

        // What was acknowledged at its stage is not asked for again when the rest is lifted.
        await OkAsync(engine.Halt("HLT-1").DoAsync(new LiftHalt(), By("@operator")));
        await OkAsync(engine.Atp("AT-3").DoAsync(new CreateAtp("Tidy", Owner: "@a"), By("@a")));
        RefusedBy(Rules.HaltBriefing, await engine.Atp("AT-2").DoAsync(new CreateAtp("Tidy", Owner: "@b"), By("@b")));
    }

    private static void RefusedBy(string rule, Outcome outcome) => Assert.Equal(rule, Assert.IsType<Rejected>(outcome).Rule);
}
