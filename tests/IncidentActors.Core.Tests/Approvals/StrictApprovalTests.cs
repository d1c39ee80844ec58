using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Policies;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Tests.Approvals;

/// <summary>Approvals by several persons, in another one's place, after a fresh sign-in, and never by the time alone.</summary>
public class StrictApprovalTests
{
    private const string Members = """
        members:
          - { handle: "@ann", roles: [release], person: true }
          - { handle: "@ann-bot", roles: [release], of: "@ann" }
          - { handle: "@ben", roles: [release], person: true }
          - { handle: "@cem", roles: [release], person: true }
          - { handle: "@dee", roles: [dev], person: true }
          - { handle: "@boss", roles: [owner], person: true }
        """;

    [Fact]
    public void Two_persons_approve_and_the_handles_of_one_count_once()
    {
        var stage = Asked("approvers: 2");
        stage.Do("AT-1", Decide(stage, true), "@ann-bot");
        Assert.Equal(AtpApprovalStatus.Open, stage.Atp("AT-1").Approvals[^1].Status);
        Assert.Contains("1 of 2 have approved", stage.Refused(Rules.ApprovalNeeded, "AT-1", new SetAtp("Done"), "@dee").Sentence, StringComparison.Ordinal);
        stage.Refused(Rules.ApprovalGiven, "AT-1", Decide(stage, true), "@ann-bot");
        Assert.Contains("a person counts once", stage.Refused(Rules.ApprovalGiven, "AT-1", Decide(stage, true), "@ann").Sentence, StringComparison.Ordinal);

        stage.Do("AT-1", Decide(stage, true), "@ben");
        var approval = stage.Approval(stage.Atp("AT-1").Approvals[^1].Id);
        Assert.Equal((ApprovalStatus.Approved, "@ben", "@ann-bot"), (approval.Status, approval.DecidedBy, approval.Given!.Value.Single().By));
        stage.Do("AT-1", new SetAtp("Done"), "@dee");
    }

    [Fact]
    public void One_rejection_rejects_and_the_time_does_too_however_many_have_approved()
    {
        var stage = Asked("approvers: 2");
        stage.Do("AT-1", Decide(stage, true), "@ann");
        stage.Do("AT-1", Decide(stage, false), "@ben");
        Assert.Equal("Shelved", stage.Atp("AT-1").Status);

        var late = Asked("approvers: 2", "reject");
        late.Do("AT-1", Decide(late, true), "@ann");
        late.Pass(TimeSpan.FromMinutes(15));
        Assert.Equal("Shelved", late.Atp("AT-1").Status);
    }

    [Fact]
    public void A_person_who_has_approved_rejects_while_the_question_is_open()
    {
        var stage = Asked("approvers: 2");
        stage.Do("AT-1", Decide(stage, true), "@ann");
        stage.Do("AT-1", Decide(stage, false), "@ann-bot");
        Assert.Equal("Shelved", stage.Atp("AT-1").Status);

        var own = Asked("approvers: 2", by: "@ann");
        own.Do("AT-1", Decide(own, true), "@ben");
        own.Refused(Rules.ApprovalOwn, "AT-1", Decide(own, false), "@ann");

        var over = Asked("approvers: 2");
        over.Do("AT-1", Decide(over, true), "@ann");
        over.Do("AT-1", Decide(over, true), "@ben");
        over.Refused(Rules.ApprovalDecided, "AT-1", Decide(over, false), "@ann");
    }

    [Fact]
    public void The_owners_override_decides_alone_and_says_which_rules_it_bypassed()
    {
        var stage = Asked("approvers: 3");
        stage.Do(ActorId.Atp("AT-1"), Decide(stage, true), "@boss", because: "the site is down");
        Assert.Equal(AtpApprovalStatus.Approved, stage.Atp("AT-1").Approvals[^1].Status);
        Assert.Equal([Rules.ApprovalRole, Rules.ApprovalQuorum], stage.Atp("AT-1").Overrides.Single().Bypassed.AsEnumerable());
    }

    [Fact]
    public void A_delegate_decides_for_a_time_and_its_voice_is_the_delegators()
    {
        const string ForTenMinutes = "{ from: \"@ann\", to: \"@dee\", role: release, since: 2026-11-21T03:00Z, until: 2026-11-21T03:10Z }";
        var stage = Asked("approvers: 2", delegation: ForTenMinutes, by: "@cem");
        stage.Do("AT-1", Decide(stage, true), "@dee");
        var given = stage.Approval(stage.Atp("AT-1").Approvals[^1].Id).Given!.Value.Single();
        Assert.Equal(("@dee", "@ann"), (given.By, given.For));
        stage.Refused(Rules.ApprovalGiven, "AT-1", Decide(stage, true), "@ann");
        stage.Do("AT-1", Decide(stage, true), "@ben");

        var over = Asked("approvers: 1", delegation: ForTenMinutes, by: "@cem");
        over.Pass(TimeSpan.FromMinutes(10));
        over.Refused(Rules.ApprovalRole, "AT-1", Decide(over, true), "@dee");
    }

    [Fact]
    public void Who_asked_does_not_decide_through_a_delegate_and_a_delegate_not_what_it_asked()
    {
        const string ToDee = "{ from: \"@ann\", to: \"@dee\", role: release, until: 2026-12-01T00:00Z }";
        var asked = Asked("approvers: 1", delegation: ToDee, by: "@ann-bot");
        asked.Refused(Rules.ApprovalOwn, "AT-1", Decide(asked, true), "@dee");
        var own = Asked("approvers: 1", delegation: ToDee, by: "@dee");
        own.Refused(Rules.ApprovalOwn, "AT-1", Decide(own, true), "@dee");
    }

    [Fact]
    public void A_decision_that_needs_a_fresh_sign_in_is_not_made_without_one()
    {
        var stage = Asked("signedInWithin: 5m");
        Assert.Contains("sign in again", stage.Refused(Rules.ApprovalSignIn, "AT-1", Decide(stage, true), "@ann").Sentence, StringComparison.Ordinal);
        stage.SignedInAt = stage.Now - TimeSpan.FromMinutes(6);
        stage.Refused(Rules.ApprovalSignIn, "AT-1", Decide(stage, false), "@ann");
        stage.Refused(Rules.ApprovalSignIn, ActorId.Atp("AT-1"), Decide(stage, true), "@boss", because: "in a hurry");
        stage.SignedInAt = stage.Now + TimeSpan.FromMinutes(1);
        stage.Refused(Rules.ApprovalSignIn, "AT-1", Decide(stage, true), "@ann");
        stage.SignedInAt = stage.Now - TimeSpan.FromMinutes(5);
        stage.Do("AT-1", Decide(stage, true), "@ann");
    }

    [Fact]
    public void What_is_never_approved_by_the_time_stays_open_also_where_it_was_asked_before()
    {
        var strict = Asked("approvers: 1", "approve", policy: new Policy { NeverApproveByTimeout = true });
        var id = strict.Atp("AT-1").Approvals[^1].Id;
        Assert.Equal(ApprovalTimeout.Block, strict.Approval(id).OnTimeout);
        strict.Pass(TimeSpan.FromHours(2));
        Assert.Equal(ApprovalStatus.Open, strict.Approval(id).Status);

        var before = Asked("approvers: 1", "approve");
        var after = new Stage(before) { Policy = strict.Policy };
        foreach (var stage in (Stage[])[before, after]) stage.Pass(TimeSpan.FromMinutes(15));
        Assert.Equal(AtpApprovalStatus.Approved, before.Atp("AT-1").Approvals[^1].Status);
        Assert.Equal(AtpApprovalStatus.Open, after.Atp("AT-1").Approvals[^1].Status);
    }

    [Fact]
    public void A_decision_is_for_the_content_that_was_asked_about_and_says_so()
    {
        var stage = Asked("approvers: 1");
        var id = stage.Atp("AT-1").Approvals[^1].Id;
        var other = new SettleApproval(id, new DecideApproval(true, Content: "another"));
        stage.Refused(Rules.ApprovalContent, "AT-1", other, "@ann");
        stage.Do("AT-1", new SettleApproval(id, new DecideApproval(true, Content: stage.Approval(id).Content)), "@ann");
        Assert.Equal(stage.Approval(id).Content, stage.Events.Select(one => one.Event).OfType<ApprovalDecided>().Single().Content);
    }

    [Fact]
    public void A_roster_with_too_few_persons_is_told() => Assert.Contains(
        "Row 2 of release needs 4 different persons with the role 'release'; the roster has 3.",
        RosterCheck.Warnings(RosterYaml.Parse(Members, "roster.yaml"), Flow("approvers: 4", "block"), RunbookSet.Shipped));

    [Theory]
    [InlineData("{ from: \"@ann\", to: \"@dee\", role: dev, until: 2026-12-01T00:00Z }", "@ann has the roles release")]
    [InlineData("{ from: \"@ann\", to: \"@ann-bot\", role: release, until: 2026-12-01T00:00Z }", "are one person")]
    [InlineData("{ from: \"@ann\", to: \"@dee\", role: release, until: soon }", "`soon` is not a time")]
    [InlineData("{ from: \"@ann\", to: \"@dee\", role: release, since: 2026-12-02T00:00Z, until: 2026-12-01T00:00Z }", "ends before it begins")]
    [InlineData("{ from: \"@ann\", to: \"@zoe\", role: release, until: 2026-12-01T00:00Z }", "@zoe, who is not a member")]
    public void A_faulty_delegation_is_refused(string delegation, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => Read(delegation)).Message, StringComparison.Ordinal);

    private static Stage Asked(string strictness, string onTimeout = "block", string? delegation = null, string by = "@dee", Policy? policy = null)
    {
        var stage = new Stage { Flows = Flow(strictness, onTimeout), Roster = Read(delegation), Policy = policy ?? new Policy() };
        stage.Do("AT-1", new CreateAtp("v2", Flow: "release"), by);
        return stage;
    }

    private static Roster Read(string? delegation) =>
        RosterYaml.Parse(delegation is null ? Members : $"{Members}\ndelegations:\n  - {delegation}\n", "roster.yaml");

    private static SettleApproval Decide(Stage stage, bool approve) => new(stage.Atp("AT-1").Approvals[^1].Id, new DecideApproval(approve));

    private static FlowSet Flow(string strictness, string onTimeout)
    {
        var text = $$"""
            name: release
            version: 1
            title: Release
            states:
              - { name: Ready }
              - { name: Shelved }
              - { name: Done, terminal: true }
            rows:
              - { number: 1, from: (new), to: Ready, trigger: Begun, role: any, tools: [atp_create] }
              - number: 2
                from: Ready
                to: Done
                trigger: Released
                role: any
                tools: [atp_set]
                requires:
                  approval: { role: release, question: "Release?", within: 15m, onTimeout: {{onTimeout}}, rejectTo: Shelved, {{strictness}} }
              - { number: 3, from: Shelved, to: Ready, trigger: Taken up again, role: any, tools: [atp_set] }
            """;
        var (set, problems) = FlowSet.Shipped.Load([new FlowFile("release.yaml", text)], ["release"]);
        Assert.Empty(problems);
        return set;
    }
}
