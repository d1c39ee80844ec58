using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>What was verified of one fix says nothing of the next: gates and reports count for what they were made of.</summary>
public class StaleEvidenceTests
{
    private const string Id = "AT-EMRG-01";

    [Fact]
    public void A_gate_that_was_verified_of_another_handoff_is_open_again()
    {
        var stage = Play.Emergency("Complete");
        stage.Do(Id, Decide(stage, []), "@pm");
        stage.Do(Id, new HandOff("@pm", "something else", "deploy", "tests"), "@dev");
        Assert.Empty(stage.Atp(Id).Gates);

        stage.Do(Id, Decide(stage, ["rollback-possible"]), "@pm");
        Assert.Equal(["rollback-possible"], stage.Refused(Rules.GateOpen, Id, new ChangeStatus("Deployed"), "@sre").Allowed.AsEnumerable());
    }

    [Fact]
    public void A_gate_that_was_confirmed_before_is_open_where_the_approver_leaves_it_open()
    {
        var stage = Play.Emergency();
        stage.Do(Id, Play.Set(gates: "rollback-possible"), "@pm");
        stage.Do(Id, new HandOff("@pm", "fixed", "deploy", "tests"), "@dev");
        Assert.True(stage.Atp(Id).Gates.ContainsKey("rollback-possible"));

        stage.Do(Id, Decide(stage, ["rollback-possible"]), "@pm");
        stage.Refused(Rules.GateOpen, Id, new ChangeStatus("Deployed"), "@sre");
        stage.Do(Id, Play.Set(gates: "rollback-possible"), "@pm");
        stage.Do(Id, new ChangeStatus("Deployed"), "@sre");
    }

    /// <summary>Seed 002: the hotfix that was rolled back passed its review; the next one has to pass its own.</summary>
    [Fact]
    public void The_review_of_a_hotfix_that_was_rolled_back_answers_nothing_of_the_next()
    {
        var stage = new Stage();
        var (_, atp) = stage.Declared(Play.Declare() with { Flow = "critical-response" });
        stage.Do(atp, new CreateArtifact("Assessment", "a", "## What is broken\na\n## Users affected\nb\n## Since when\nc\n## What changed\nd"), "@dev");
        stage.Do(atp, new ChangeStatus("Assessed"), "@dev");
        stage.Do(atp, new ChangeStatus("Mitigated"), "@sre");
        Hotfix(stage, atp);
        stage.Do(atp, Decide(stage, [], atp), "@qa");
        stage.Do(atp, new ChangeStatus("Deployed"), "@sre");
        stage.Do(atp, new ChangeStatus("Mitigated"), "@sre");
        Hotfix(stage, atp);
        stage.Do(atp, Decide(stage, ["rollback-plan-clear"], atp), "@qa");

        Assert.Equal(["rollback-plan-clear"], stage.Refused(Rules.GateOpen, atp, new ChangeStatus("Deployed"), "@sre").Allowed.AsEnumerable());
    }

    /// <summary>Seed 001 writes the report after the fix is there; what was written of an earlier one verifies nothing.</summary>
    [Fact]
    public void A_hotfix_that_was_not_accepted_is_verified_anew()
    {
        var stage = new Stage();
        stage.Do("AT-XX-YY", new SetAtp("InProgress", "HOTFIX: Production incident"), "@pm");
        stage.Do("AT-XX-YY", new HandOff("@pm", "fixed", "verify", "tests"), "@dev");
        stage.Do("AT-XX-YY", new CreateArtifact("PMVerificationReport", "of the first", "does not hold", Persist: "both"), "@pm");
        stage.Do("AT-XX-YY", new ChangeStatus("InProgress"), "@pm");
        stage.Do("AT-XX-YY", new HandOff("@pm", "fixed again", "verify", "tests"), "@dev");

        var refused = stage.Refused(Rules.ArtifactMissing, "AT-XX-YY", new CloseAtp(null), "@pm");
        Assert.Contains("made since it came to Complete", refused.Sentence, StringComparison.Ordinal);
    }

    private static void Hotfix(Stage stage, string atp)
    {
        stage.Do(atp, new CreateArtifact("TestReport", "t", "passes", "passed"), "@dev");
        stage.Do(atp, new ChangeStatus("HotfixReady"), "@dev");
    }

    private static SettleApproval Decide(Stage stage, string[] open, string id = Id) =>
        new(stage.Atp(id).Approvals.Last(approval => approval.Status == AtpApprovalStatus.Open).Id, new DecideApproval(true, OpenGates: [.. open]));
}
