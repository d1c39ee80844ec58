using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>Seed 000 row 4: the deployment waits for pm and for three answers.</summary>
public class GateTests
{
    private readonly Stage stage = Play.Emergency("Complete");

    private string Approval => stage.Atp("AT-EMRG-01").Approvals[^1].Id;

    [Fact]
    public void Nobody_deploys_before_the_approval()
    {
        stage.Refused(Rules.ApprovalNeeded, "AT-EMRG-01", new ChangeStatus("Deployed"), "@sre");
        stage.Refused(Rules.ApprovalRole, "AT-EMRG-01", Decide(true), "@qa");
        stage.Do("AT-EMRG-01", Decide(true), "@pm");
        stage.Refused(Rules.AtpTransitionRole, "AT-EMRG-01", new ChangeStatus("Deployed"), "@dev");
        stage.Do("AT-EMRG-01", new ChangeStatus("Deployed"), "@sre");
    }

    [Fact]
    public void Approving_verifies_the_three_gates_and_nothing_else_is_asked()
    {
        stage.Do("AT-EMRG-01", Decide(true), "@pm");
        Assert.Equal(["minimal-blast-radius", "rollback-possible", "stops-the-bleeding"], stage.Atp("AT-EMRG-01").Gates.Keys.Order());
        stage.Do("AT-EMRG-01", new ChangeStatus("Deployed"), "@sre");
    }

    [Fact]
    public void A_gate_that_the_approver_leaves_open_stays_closed()
    {
        stage.Do("AT-EMRG-01", new SettleApproval(Approval, new DecideApproval(true, OpenGates: ["rollback-possible"])), "@pm");
        Assert.Equal(["rollback-possible"], stage.Refused(Rules.GateOpen, "AT-EMRG-01", new ChangeStatus("Deployed"), "@sre").Allowed.AsEnumerable());
        stage.Refused(Rules.GateUnknown, "AT-EMRG-01", Play.Set(gates: "looks-good"), "@sre");
        stage.Refused(Rules.GateRole, "AT-EMRG-01", Play.Set(gates: "rollback-possible"), "@sre");
        stage.Refused(Rules.GateOwn, "AT-EMRG-01", Play.Set(gates: "rollback-possible"), "@dev");
        stage.Do("AT-EMRG-01", Play.Set(gates: "rollback-possible"), "@pm");
        stage.Do("AT-EMRG-01", new ChangeStatus("Deployed"), "@sre");
    }

    [Fact]
    public void Gates_answered_while_creating_count_and_unknown_ones_are_refused()
    {
        var begun = new Stage();
        begun.Refused(Rules.GateUnknown, "AT-EMRG-09", Play.Set(notes: "sev1", gates: "looks-good"), "@pm");
        begun.Do("AT-EMRG-09", Play.Set(notes: "sev1", gates: "rollback-possible"), "@pm");
        Assert.True(begun.Atp("AT-EMRG-09").Gates.ContainsKey("rollback-possible"));
    }

    [Fact]
    public void The_approver_reads_what_the_handoff_proves_and_what_approving_answers()
    {
        var approval = stage.Approval(Approval);
        Assert.StartsWith("- tests pass\n", approval.Evidence, StringComparison.Ordinal);
        Assert.EndsWith(
            "Approving answers:\n- Does it stop the bleeding?\n- Is rollback possible?\n- Minimal blast radius?",
            approval.Evidence,
            StringComparison.Ordinal);
        stage.Do("AT-EMRG-01", new HandOff("@pm", "Fixed otherwise", "Deploy", "- The critical test passes now"), "@dev");
        Assert.StartsWith("- The critical test passes now\n", stage.Approval(Approval).Evidence, StringComparison.Ordinal);
    }

    /// <summary>Seed 000 has six rows and none back from Deployed: what does not help is followed by other work on the same incident.</summary>
    [Fact]
    public void A_deployed_fix_that_does_not_help_is_followed_by_another_ATP_of_the_incident()
    {
        var deployed = Play.Emergency("Deployed");
        deployed.Refused(Rules.AtpTransitionUnknown, "AT-EMRG-01", new ChangeStatus("InProgress"), "@pm");
        var incident = deployed.Atp("AT-EMRG-01").IncidentId!;
        deployed.Do("AT-EMRG-02", new CreateAtp("Another fix", Flow: "emergency", IncidentId: incident), "@pm");
        Assert.Equal(("InProgress", incident), (deployed.Atp("AT-EMRG-02").Status, deployed.Atp("AT-EMRG-02").IncidentId));
        Assert.Contains(deployed.Atp("AT-EMRG-02").Owed, owed => owed is { Type: MessageType.EmergencyDirective, To: "@dev" });
    }

    [Fact]
    public void A_stranger_answers_no_gate()
    {
        stage.Do(new RegisterAgent(["visitor"], null), "@stranger");
        stage.Refused(Rules.AtpFieldRole, "AT-EMRG-01", Play.Set(gates: "rollback-possible"), "@stranger");
    }

    [Fact]
    public void The_author_verifies_no_gate_of_the_approver_before_the_handoff()
    {
        var fixing = Play.Emergency();
        fixing.Refused(Rules.GateRole, "AT-EMRG-01", Play.Set(gates: "stops-the-bleeding"), "@dev");
        Assert.Empty(fixing.Atp("AT-EMRG-01").Gates);
    }

    [Fact]
    public void A_rejection_takes_it_back_and_a_new_handoff_asks_again()
    {
        stage.Do("AT-EMRG-01", Decide(false), "@pm");
        Assert.Equal("InProgress", stage.Atp("AT-EMRG-01").Status);
        stage.Do("AT-EMRG-01", new HandOff("@pm", "better", "deploy", "tests"), "@dev");
        Assert.Equal(AtpApprovalStatus.Open, stage.Atp("AT-EMRG-01").Approvals[^1].Status);
    }

    [Fact]
    public void The_approver_passing_the_work_on_does_not_take_the_approval_back()
    {
        stage.Do("AT-EMRG-01", Decide(true), "@pm");
        stage.Do("AT-EMRG-01", new HandOff("@sre", "approved", "deploy it", "see the handoff"), "@pm");
        stage.Do("AT-EMRG-01", new ChangeStatus("Deployed"), "@sre");
    }

    [Fact]
    public void Handing_off_again_voids_the_answer_to_the_old_question()
    {
        stage.Do("AT-EMRG-01", Decide(true), "@pm");
        stage.Do("AT-EMRG-01", new HandOff("@pm", "something else", "deploy", "tests"), "@dev");
        stage.Refused(Rules.ApprovalNeeded, "AT-EMRG-01", new ChangeStatus("Deployed"), "@sre");
    }

    /// <summary>An agent that lost the answer sends again, perhaps without a key: who is about to approve must not find the question gone.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_same_handoff_sent_again_asks_nothing_new(bool approved)
    {
        var handoff = new HandOff("@pm", "better", "deploy", "tests");
        stage.Do("AT-EMRG-01", handoff, "@dev");
        var asked = Approval;
        if (approved) stage.Do("AT-EMRG-01", Decide(true), "@pm");
        stage.Do("AT-EMRG-01", handoff, "@dev");
        Assert.Equal((asked, approved ? ApprovalStatus.Approved : ApprovalStatus.Open), (Approval, stage.Approval(asked).Status));
        stage.Do("AT-EMRG-01", new CreateArtifact("TestReport", "Load", "It bears the load"), "@dev");
        stage.Do("AT-EMRG-01", handoff, "@dev");
        Assert.Equal(ApprovalStatus.Voided, stage.Approval(asked).Status);
        Assert.NotEqual(asked, Approval);
    }

    [Fact]
    public void Without_a_decision_it_stays_blocked_and_is_escalated_again_and_again()
    {
        var approval = Approval;
        stage.Pass(TimeSpan.FromMinutes(15));
        stage.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal((ApprovalStatus.Open, 2), (stage.Approval(approval).Status, stage.Approval(approval).TimesOverdue));
        stage.Refused(Rules.ApprovalNeeded, "AT-EMRG-01", new ChangeStatus("Deployed"), "@sre");
        stage.Do("AT-EMRG-01", Decide(true), "@operator");
        stage.Refused(Rules.ApprovalDecided, "AT-EMRG-01", new SettleApproval(approval, new DecideApproval(true)), "@pm");
    }

    private SettleApproval Decide(bool approve) => new(Approval, new DecideApproval(approve));
}
