using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Testing;
using static IncidentActors.Behaviour.Expect;

namespace IncidentActors.Behaviour;

/// <summary>What a halt means, on any engine.</summary>
public abstract class HaltSuite : BehaviourSuite
{
    [BehaviourFact]
    public async Task A_raised_halt_refuses_covered_work_everywhere_and_its_lift_lets_it_go_on()
    {
        await CreateAsync("AT-1", "@dev");
        await CreateAsync("AT-2", "@sre");
        var halt = await RaiseAsync(HaltScope.All);

        foreach (var (id, agent) in new[] { ("AT-1", "@dev"), ("AT-2", "@sre") })
        {
            var refused = await RefusedAsync(NoteAsync(id, "more", By(agent, $"set-{id}")), Rules.Halted);
            Assert.Equal((RejectionKind.Halted, halt), (refused.Kind, refused.Halt!.Id));
        }

        await OkAsync(NoteAsync("AT-1", "by the operator", By("@operator")));
        await OkAsync(Actors.Halt(halt).DoAsync(new LiftHalt(Notes: "over"), By("@operator")));
        await Eventually.TrueAsync(async () => await NoteAsync("AT-2", "more", By("@sre", "set-AT-2")) is Accepted);
    }

    [BehaviourFact]
    public async Task A_halt_of_one_agent_stops_nobody_else()
    {
        await CreateAsync("AT-1", "@dev");
        await CreateAsync("AT-2", "@sre");
        await RaiseAsync(new HaltScope(HaltScopeKind.Agent, "@dev"));

        await RefusedAsync(NoteAsync("AT-1", "more", By("@dev")), Rules.Halted);
        await OkAsync(NoteAsync("AT-2", "more", By("@sre")));
    }

    [BehaviourFact]
    public async Task Work_born_under_a_halt_is_born_halted()
    {
        await RaiseAsync(HaltScope.All);

        await RefusedAsync(Actors.Atp("AT-1").DoAsync(Creation("@dev"), By("@dev")), Rules.Halted);
        Assert.Null(await Actors.Atp("AT-1").GetAsync());
    }

    [BehaviourFact]
    public async Task Messages_to_halted_agents_wait_and_fetching_them_confirms_the_halt()
    {
        await CreateAsync("AT-1", "@dev");
        var halt = await RaiseAsync(HaltScope.All);
        await OkAsync(Actors.Atp("AT-1").DoAsync(
            new SendMessage("@dev", MessageType.EmergencyDirective, Priority.P0, "Stop", "## Stop", true), By("@operator")));

        var inbox = (await Actors.Agent("@dev").FetchInboxAsync(By("@dev"), 10)).Inbox!;

        Assert.Equal(halt, Assert.Single(inbox.Halts).Id);
        Assert.True(Assert.Single(inbox.Messages).Held);
        var view = (await Actors.Halt(halt).GetAsync())!;
        Assert.True(view.Agents.Single(agent => agent.Agent == "@dev").Confirmed);
    }

    [BehaviourFact]
    public async Task A_message_about_work_of_another_owner_waits_too()
    {
        await CreateAsync("AT-1", "@sre");
        await RaiseAsync(new HaltScope(HaltScopeKind.Agent, "@dev"));
        foreach (var to in new[] { "@dev", "@qa" })
        {
            await OkAsync(Actors.Atp("AT-1").DoAsync(
                new SendMessage(to, MessageType.Clarification, Priority.P2, "Which version?", "…"), By("@sre")));
        }

        Assert.True(Assert.Single((await Actors.Agent("@dev").PeekInboxAsync(By("@dev"), 10)).Inbox!.Messages).Held);
        Assert.False(Assert.Single((await Actors.Agent("@qa").PeekInboxAsync(By("@qa"), 10)).Inbox!.Messages).Held);
    }

    [BehaviourFact]
    public async Task A_key_that_was_answered_before_the_halt_is_answered_so_under_it()
    {
        await CreateAsync("AT-1", "@dev");
        var before = await OkAsync(NoteAsync("AT-1", "once", By("@dev", "k1")));
        await RaiseAsync(HaltScope.All);

        var again = await OkAsync(NoteAsync("AT-1", "once", By("@dev", "k1")));

        Assert.True(again.Replayed);
        Assert.Equal(before.Answer.GetRawText(), again.Answer.GetRawText());
    }

    [BehaviourFact]
    public async Task Every_node_confirms_a_halt()
    {
        var halt = await RaiseAsync(HaltScope.All);

        await Eventually.TrueAsync(async () => (await Actors.Halt(halt).GetAsync())!.Nodes.All(node => node.Confirmed));
        Assert.Equal(Bench.Nodes, (await Actors.Halt(halt).GetAsync())!.Nodes.Length);
    }

    [BehaviourFact]
    public async Task A_SEV_1_declaration_halts_all_work_but_its_own()
    {
        await CreateAsync("AT-1", "@sre");
        var declared = await OkAsync(Bench.DeclareAsync(Sev1("checkout is down"), By("@pm", "declare-1")));

        await Eventually.TrueAsync(async () => await NoteAsync("AT-1", "x", By("@sre")) is Rejected { Rule: Rules.Halted });
        var incident = Actors.Incident(declared.Answer.GetProperty("id").GetString()!);
        await OkAsync(incident.DoAsync(new AcknowledgeIncident(), By("@pm")));
        var again = await OkAsync(Bench.DeclareAsync(Sev1("checkout is down"), By("@pm", "declare-1")));
        Assert.Equal(declared.Answer.GetProperty("id").GetString(), again.Answer.GetProperty("id").GetString());
    }

    [BehaviourFact]
    public async Task Whose_response_clock_runs_on_may_respond()
    {
        var second = await DeclareAsync(Severity.Sev2, "slow");
        var third = await DeclareAsync(Severity.Sev3, "untidy");
        await DeclareAsync(Severity.Sev1, "down");

        await Eventually.TrueAsync(async () => await third.DoAsync(new NoteIncident("later"), By("@pm")) is Rejected { Rule: Rules.Halted });
        await OkAsync(second.DoAsync(new AcknowledgeIncident(), By("@pm")));
        await OkAsync(second.DoAsync(new NoteIncident("now"), By("@pm")));
    }

    [BehaviourFact]
    public async Task Who_is_halted_does_not_raise_the_severity_of_an_incident_but_the_operator_does()
    {
        var slow = await DeclareAsync(Severity.Sev3, "slow");
        await RaiseAsync(HaltScope.All);

        await RefusedAsync(slow.DoAsync(new ChangeSeverity(Severity.Sev1, "it is down"), By("@pm")), Rules.Halted);
        await OkAsync(slow.DoAsync(new ChangeSeverity(Severity.Sev1, "it is down"), By("@operator")));
        Assert.Single((await slow.GetAsync())!.Halts);
    }

    [BehaviourFact]
    public async Task An_incident_that_became_urgent_later_is_worked_on_under_the_halt_of_another()
    {
        var slow = await DeclareAsync(Severity.Sev3, "slow");
        var id = (await slow.GetAsync())!.Id;
        await OkAsync(Actors.Atp("AT-1").DoAsync(new CreateAtp("work", IncidentId: id, Owner: "@owen"), By("@pm")));
        await DeclareAsync(Severity.Sev1, "down");
        await Eventually.TrueAsync(async () => await NoteAsync("AT-1", "more", By("@owen")) is Rejected { Rule: Rules.Halted });
        Assert.Equal("AT-1", Assert.Single((await FetchAsync("@owen")).SetAside).Id);

        await OkAsync(slow.DoAsync(new ChangeSeverity(Severity.Sev1, "it is down too"), By("@operator")));
        await OkAsync(NoteAsync("AT-1", "more", By("@owen")));
        Assert.Equal("AT-1", Assert.Single((await FetchAsync("@owen")).Work).Id);
        var directive = (await FetchAsync("@owen")).Messages.First(message => message.IncidentId == id && message.RequiresAck);
        Assert.True(MessageIds.TryParse(directive.Id, out var atp, out var number));
        await OkAsync(Actors.Atp(atp).DoAsync(new AcknowledgeMessage(number), By("@owen")));

        await OkAsync(slow.DoAsync(new ChangeSeverity(Severity.Sev3, "it is not"), By("@operator")));
        await RefusedAsync(NoteAsync("AT-1", "more", By("@owen")), Rules.Halted);
    }

    [BehaviourFact]
    public async Task Who_is_halted_and_declares_what_is_ongoing_gets_it_back_as_it_is()
    {
        var slow = await DeclareAsync(Severity.Sev3, "slow");
        await RaiseAsync(HaltScope.All);

        var again = await OkAsync(Bench.DeclareAsync(Sev1("it is down") with { DedupKey = "slow" }, By("@pm")));
        var view = (await slow.GetAsync())!;
        Assert.Equal((view.Id, false), (again.Answer.GetProperty("id").GetString(), again.Answer.GetProperty("created").GetBoolean()));
        Assert.Equal(Severity.Sev3, view.Severity);
        Assert.Empty(view.Halts);

        await OkAsync(Bench.DeclareAsync(Sev1("it is down") with { DedupKey = "slow" }, By("@operator")));
        Assert.Equal(Severity.Sev1, (await slow.GetAsync())!.Severity);
        await OkAsync(Bench.DeclareAsync(Sev1("something else") with { DedupKey = "else" }, By("@pm")));
    }

    private async Task<InboxView> FetchAsync(string handle) => (await Actors.Agent(handle).FetchInboxAsync(By(handle), 10)).Inbox!;

    private async Task<IIncident> DeclareAsync(Severity severity, string title)
    {
        var declared = await OkAsync("@pm", call => Bench.DeclareAsync(Sev1(title) with { Severity = severity, DedupKey = title }, call));
        return Actors.Incident(declared.Answer.GetProperty("id").GetString()!);
    }

    protected async Task<string> RaiseAsync(HaltScope scope)
    {
        var id = $"HLT-{Guid.NewGuid():n}";
        await OkAsync("@operator", call => Actors.Halt(id).DoAsync(new RaiseHalt(scope, "drill"), call));
        return id;
    }

    private static CreateAtp Creation(string owner) => new("work", null, null, null, null, null, null, owner);

    private static DeclareIncident Sev1(string title) => new(
        title, Severity.Sev1, IncidentCategory.Availability, null, null, System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty,
        "manual", "checkout", null, []);

    private Task<Outcome> NoteAsync(string atp, string notes, Call call) => Actors.Atp(atp).DoAsync(new SetAtp(Notes: notes), call);

    private async Task CreateAsync(string id, string owner)
    {
        await OkAsync(Actors.Agent(owner).DoAsync(new RegisterAgent(["dev"], null), By(owner)));
        await OkAsync(Actors.Atp(id).DoAsync(Creation(owner), By(owner)));
    }
}
