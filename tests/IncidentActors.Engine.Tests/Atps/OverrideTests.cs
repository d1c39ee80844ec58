using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Atps;

/// <summary>Seed 003, user override: above every halt, gate and flow, and always on record.</summary>
public sealed class OverrideTests : IAsyncDisposable
{
    private const string Owner = "@jonny";

    private readonly TestEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task Without_a_reason_the_rules_hold_for_the_owner_and_say_how_to_override()
    {
        await BeginAsync();

        var refused = await RefusedAsync(engine.Atp("AT-EMRG-1").DoAsync(new ChangeStatus("Deployed"), By(Owner)), Rules.AtpTransitionUnknown);
        Assert.EndsWith("As owner you may override it: send it again with override and your reason.", refused.Sentence, StringComparison.Ordinal);
        await RefusedAsync(engine.Atp("AT-EMRG-1").DoAsync(new ChangeStatus("Deployed"), Because(Owner, " ")), Rules.OverrideReason);
    }

    [Fact]
    public async Task With_a_reason_the_owner_goes_past_flow_gates_and_artifacts_and_every_rule_is_named()
    {
        await BeginAsync();
        await OkAsync(engine.Atp("AT-EMRG-1").DoAsync(new ChangeStatus("Deployed"), Because(Owner, "we deploy by hand")));
        await OkAsync(engine.Atp("AT-EMRG-1").DoAsync(new ChangeStatus("Closed"), Because(Owner, "I have seen it work")));

        var view = (await engine.Atp("AT-EMRG-1").GetAsync())!;
        Assert.Equal("Closed", view.Status);
        Assert.Equal(["we deploy by hand", "I have seen it work"], view.Overrides.Select(one => one.Reason));
        Assert.Equal<IEnumerable<string>>([Rules.AtpTransitionUnknown], view.Overrides[0].Bypassed);
        Assert.Equal<IEnumerable<string>>([Rules.AtpTransitionRole, Rules.ArtifactMissing], view.Overrides[1].Bypassed);
        Assert.Contains(view.FollowUps, followUp => followUp.Type == "postmortem");
        Assert.Equal(
            2,
            (await engine.Journal.InboxAsync("@operator", 100, default)).Count(
                stored => stored.Message.Subject.StartsWith("Overridden by @jonny", StringComparison.Ordinal)));
        Assert.Equal(2, (await EventsAsync()).Count(name => name == "atp.overridden.v1"));
    }

    [Fact]
    public async Task A_halt_covers_the_owner_too_until_a_reason_is_given()
    {
        await OkAsync(engine.Atp("AT-1").DoAsync(new CreateAtp("work", Flow: "standard", Owner: Owner), By(Owner)));
        await OkAsync(engine.Halt("HLT-1").DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));

        var refused = await RefusedAsync(engine.Atp("AT-1").DoAsync(new ChangeStatus("InProgress"), By(Owner)), Rules.Halted);
        Assert.Contains("As owner you may override it", refused.Sentence, StringComparison.Ordinal);
        await OkAsync(engine.Atp("AT-1").DoAsync(new ChangeStatus("InProgress"), Because(Owner, "this one goes on")));
        Assert.Equal("this one goes on", Assert.Single((await engine.Atp("AT-1").GetAsync())!.Overrides).Reason);
    }

    [Fact]
    public async Task The_owner_lifts_any_halt_and_decides_any_approval()
    {
        await BeginAsync();
        await OkAsync(engine.Atp("AT-EMRG-1").DoAsync(new HandOff("@pm", "fixed", "deploy", "tests pass"), By("@dev")));
        var approval = (await engine.Atp("AT-EMRG-1").GetAsync())!.Approvals.Single();
        var decide = new SettleApproval(approval.Id, new DecideApproval(true));
        await RefusedAsync(engine.Atp("AT-EMRG-1").DoAsync(decide, By(Owner)), Rules.ApprovalRole);
        await OkAsync(engine.Atp("AT-EMRG-1").DoAsync(decide, Because(Owner, "pm is asleep")));
        Assert.Equal<IEnumerable<string>>([Rules.ApprovalRole], (await engine.Atp("AT-EMRG-1").GetAsync())!.Overrides.Single().Bypassed);

        var halt = (await engine.Journal.HaltsAsync(null, default)).Single();
        await RefusedAsync(engine.Halt(halt.Id).DoAsync(new LiftHalt(), By(Owner)), Rules.HaltRole);
        await OkAsync(engine.Halt(halt.Id).DoAsync(new LiftHalt(), Because(Owner, "all clear")));
        Assert.Contains("halt.overridden.v1", await EventsAsync());
    }

    [Fact]
    public async Task An_incident_is_closed_without_its_criteria_by_the_owners_reason()
    {
        var id = (await OkAsync(engine.Declarations.DeclareAsync(
            new DeclareIncident("x", Severity.Sev3), By("@dev")))).Answer.GetProperty("id").GetString()!;
        var over = new ResolveIncident(Fix: "restarted", Verified: ["error-rate", "metrics", "user-reports", "no-new-issues"]);
        await OkAsync(engine.Incident(id).DoAsync(over, By("@pm")));
        await OkAsync(engine.Incident(id).DoAsync(new CloseIncident(), Because(Owner, "enough")));

        Assert.Contains("incident.overridden.v1", await EventsAsync());
    }

    [Fact]
    public async Task Nobody_else_overrides()
    {
        await BeginAsync();

        await RefusedAsync(engine.Atp("AT-EMRG-1").DoAsync(new ChangeStatus("Closed"), Because("@dev", "please")), Rules.OverrideRole);
        await RefusedAsync(engine.Atp("AT-EMRG-1").DoAsync(new ChangeStatus("Closed"), Because("@operator", "please")), Rules.OverrideRole);
    }

    private static Call Because(string handle, string reason) => By(handle) with { Override = reason };

    private Task BeginAsync() => OkAsync(engine.Atp("AT-EMRG-1").DoAsync(new SetAtp("InProgress", "🚨 SEV-1: down"), By("@pm")));

    private async Task<List<string>> EventsAsync() => [.. (await engine.Journal.FeedAsync(null, 1000, null, default)).Events.Select(one => one.Name)];
}
