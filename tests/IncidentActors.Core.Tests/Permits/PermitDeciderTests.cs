using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;

namespace IncidentActors.Core.Tests.Permits;

/// <summary>Which outside action may start, how long, and who says what became of it.</summary>
public class PermitDeciderTests
{
    private const string Digest = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string Other = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    private static readonly PermitPolicy Policy = PermitsYaml.Parse(
        """
        seconds: 60
        rules:
          - {action: drop, decision: forbid, reason: Nothing is dropped by hand}
          - {action: release, decision: approval, seconds: 300}
          - {action: deploy, decision: allow, needs: [target], unknown: block}
          - {action: edit, decision: allow, unknown: ignore}
          - {action: query, decision: allow, reads: true}
        """,
        "permits.yaml");

    private readonly Stage stage = new() { Permits = Policy };

    [Fact]
    public void A_permit_holds_for_as_long_as_the_policy_gives_at_most()
    {
        var granted = Granted(stage.Do(Id("1"), new RequestPermit("query", Seconds: 5), "@dev"));
        Assert.Equal((stage.Now.AddSeconds(5), true), (granted.Until, granted.Subject!.Reads));
        Assert.Equal(stage.Now.AddSeconds(60), Granted(stage.Do(Id("2"), new RequestPermit("query", Seconds: 500), "@dev")).Until);
        Assert.Equal(stage.Now.AddSeconds(60), Granted(stage.Do(Id("3"), new RequestPermit("query"), "@dev")).Until);
    }

    [Fact]
    public void What_the_policy_does_not_allow_is_refused_with_its_reason()
    {
        var dropped = stage.Refused(Rules.PermitForbidden, Id("1"), new RequestPermit("drop"), "@dev");
        Assert.Contains("Nothing is dropped by hand", dropped.Sentence, StringComparison.Ordinal);
        stage.Refused(Rules.PermitForbidden, Id("1"), new RequestPermit("reboot"), "@dev");
        Assert.Equal("target", Assert.Single(stage.Refused(Rules.PermitIncomplete, Id("1"), new RequestPermit("deploy"), "@dev").Allowed));
        stage.Refused(Rules.ArgumentMissing, Id("1"), new RequestPermit(" "), "@dev");
        stage.Refused(Rules.AtpUnknown, Id("1"), new RequestPermit("edit", AtpId: "AT-9"), "@dev");
    }

    [Fact]
    public void An_action_that_needs_approval_gets_its_permit_once_the_ATPs_transition_is_approved_and_for_what_was_approved()
    {
        var stage = new Stage { Permits = Policy };
        stage.Do("AT-EMRG-01", new SetAtp("InProgress", "🚨 SEV-1: checkout is down"), "@pm");
        stage.Refused(Rules.PermitApproval, Id("1"), new RequestPermit("release"), "@sre");
        stage.Refused(Rules.PermitApproval, Id("1"), new RequestPermit("release", AtpId: "AT-EMRG-01"), "@sre");
        stage.Do("AT-EMRG-01", new HandOff("@pm", "fixed", "deploy", $"image {Digest}, tests"), "@dev");
        var approval = stage.Atp("AT-EMRG-01").Approvals[^1].Id;
        var waits = stage.Refused(Rules.PermitApproval, Id("1"), new RequestPermit("release", AtpId: "AT-EMRG-01"), "@sre");
        Assert.Equal($"approval_decide {approval}", Assert.Single(waits.Allowed));
        stage.Do("AT-EMRG-01", new SettleApproval(approval, new DecideApproval(true)), "@pm");
        stage.Refused(Rules.PermitApproval, Id("1"), new RequestPermit("release", Digest: Other, AtpId: "AT-EMRG-01"), "@sre");
        stage.Do(Id("1"), new RequestPermit("release", Digest: Digest, AtpId: "AT-EMRG-01"), "@sre");
    }

    [Fact]
    public void Only_a_responder_or_the_ATPs_owner_works_for_its_incident()
    {
        stage.Do("AT-EMRG-01", new SetAtp("InProgress", "🚨 SEV-1: checkout is down"), "@pm");
        var incident = stage.Atp("AT-EMRG-01").IncidentId;
        var own = Granted(stage.Do(Id("1"), new RequestPermit("edit", AtpId: "AT-EMRG-01"), "@pm"));
        Assert.Equal((incident, true), (own.Subject!.RespondsTo, own.Subject.Urgent));
        var foreign = Granted(stage.Do(Id("2"), new RequestPermit("edit", AtpId: "AT-EMRG-01"), "@stranger"));
        Assert.Equal((null, false), (foreign.Subject!.RespondsTo, foreign.Subject.Urgent));
        Assert.Null(Granted(stage.Do(Id("3"), new RequestPermit("edit"), "@operator")).Subject);
    }

    [Fact]
    public void An_action_without_a_report_is_unknown_until_it_is_settled()
    {
        stage.Do(Id("1"), new RequestPermit("deploy", "checkout"), "@sre");
        stage.Pass(TimeSpan.FromSeconds(90));
        Assert.Equal(PermitStatus.Unknown, State("1").Status);
        stage.Refused(Rules.PermitHolder, Id("1"), new EndPermit(PermitOutcome.Done), "@dev");
        stage.Do(Id("1"), new EndPermit(PermitOutcome.Failed, "looked at the pods"), "@operator");
        Assert.Equal((PermitStatus.Failed, "@operator"), (State("1").Status, State("1").EndedBy));
        stage.Refused(Rules.PermitEnded, Id("1"), new EndPermit(PermitOutcome.Done), "@sre");
    }

    [Fact]
    public void A_permit_whose_policy_ignores_the_outcome_is_closed_by_its_time()
    {
        stage.Do(Id("1"), new RequestPermit("edit"), "@dev");
        stage.Pass(TimeSpan.FromSeconds(90));
        Assert.Equal(PermitStatus.Closed, State("1").Status);
    }

    [Fact]
    public void A_permit_whose_policy_ignores_the_outcome_is_closed_by_an_unknown_one()
    {
        stage.Do(Id("1"), new RequestPermit("edit"), "@dev");
        stage.Do(Id("1"), new EndPermit(PermitOutcome.Unknown, "stopped"), "@dev");
        Assert.Equal((PermitStatus.Closed, "stopped", false), (State("1").Status, State("1").Notes, State("1").Unsettled));
        stage.Do(Id("1"), new EndPermit(PermitOutcome.Done), "@dev");
        Assert.Equal(PermitStatus.Done, State("1").Status);
    }

    [Fact]
    public void A_renewal_gives_the_full_time_again_and_only_to_the_holder()
    {
        stage.Do(Id("1"), new RequestPermit("deploy", "checkout"), "@sre");
        stage.Pass(TimeSpan.FromSeconds(40));
        stage.Refused(Rules.PermitHolder, Id("1"), new RenewPermit(), "@dev");
        stage.Do(Id("1"), new RenewPermit(), "@sre");
        Assert.Equal(stage.Now.AddSeconds(60), State("1").Until);
        stage.Pass(TimeSpan.FromSeconds(50));
        Assert.Equal(PermitStatus.Open, State("1").Status);
        stage.Pass(TimeSpan.FromSeconds(15));
        stage.Refused(Rules.PermitEnded, Id("1"), new RenewPermit(), "@sre");
    }

    [Fact]
    public void Under_a_halt_nothing_is_renewed_and_the_report_names_the_halt()
    {
        stage.Do(Id("1"), new RequestPermit("deploy", "checkout"), "@sre");
        var halt = new HaltRecord("HLT-1", HaltScope.All, "stop", "@operator", null, false, stage.Now);
        stage.Facts = new PermitFacts(EndedBy: halt);
        var refused = stage.Refused(Rules.PermitEnded, Id("1"), new RenewPermit(), "@sre");
        Assert.Equal((RejectionKind.Halted, "HLT-1"), (refused.Kind, refused.Halt!.Id));
        stage.Do(Id("1"), new EndPermit(PermitOutcome.Unknown), "@sre");
        Assert.Equal(("HLT-1", PermitStatus.Unknown), (State("1").HaltId, State("1").Status));
    }

    [Fact]
    public void While_an_outcome_is_unknown_the_same_action_is_refused_where_the_policy_says_so()
    {
        stage.Facts = new PermitFacts(Unsettled: "PRM-0");
        var waits = stage.Refused(Rules.PermitUnsettled, Id("1"), new RequestPermit("deploy", "checkout"), "@sre");
        Assert.Equal("permit_end PRM-0", Assert.Single(waits.Allowed));
        stage.Do(Id("1"), new RequestPermit("query"), "@sre");
    }

    [Fact]
    public void A_break_glass_reason_passes_rules_and_halts_and_is_recorded()
    {
        var granted = Granted(stage.Do(Id("1"), new RequestPermit("drop", BreakGlass: "the database is full"), "@kubernetes"));
        Assert.Equal(("the database is full", null), (granted.BreakGlass, granted.Subject));
    }

    [Fact]
    public void Digests_are_found_in_evidence()
    {
        Assert.Equal<IEnumerable<string>>([Digest, Other], ApprovedDigests.In($"image app@{Digest} and {Other}; sha256:short"));
        Assert.Empty(ApprovedDigests.In("tests pass"));
    }

    private PermitState State(string number) => (PermitState)stage.Get(Id(number))!;

    private static ActorId Id(string number) => ActorId.Permit($"PRM-{number}");

    private static PermitGranted Granted(Decision decision) => decision.Events.Select(one => one.Event).OfType<PermitGranted>().Single();
}
