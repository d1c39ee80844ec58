using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Approvals;

/// <summary>Seed 002: the severity decides how a hotfix is deployed; one that changes while the hotfix waits changes what is asked.</summary>
public class DeployPathTests
{
    private readonly Stage stage = new();
    private readonly string incident;
    private readonly string atp;

    public DeployPathTests()
    {
        (incident, atp) = stage.Declared(Play.Declare(severity: Severity.Sev2) with { Flow = "critical-response" });
        Ready(atp);
    }

    private AtpApproval Last => stage.Atp(atp).Approvals[^1];

    [Fact]
    public void Raising_the_severity_voids_the_approval_of_the_old_path_and_requests_that_of_the_new_one()
    {
        var former = Last;
        stage.Do(incident, new AddResponder("@qa", "reviewer"), "@pm");
        stage.Do(incident, new ChangeSeverity(Severity.Sev1, "worse"), "@qa");

        Assert.Equal((6, ApprovalStatus.Voided), (former.Row, stage.Approval(former.Id).Status));
        Assert.Equal((5, AtpApprovalStatus.Open), (Last.Row, Last.Status));
        var (before, after) = (stage.Approval(former.Id), stage.Approval(Last.Id));
        Assert.Equal((before.AskedBy, before.Evidence), (after.AskedBy, after.Evidence));
        var clocks = stage.Clocks.Keys.Select(clock => clock.Name).Where(name => name.StartsWith("approval", StringComparison.Ordinal));
        Assert.Equal([$"approval:{Last.Id}"], clocks);
        stage.Refused(Rules.ApprovalDecided, atp, new SettleApproval(former.Id, new DecideApproval(true)), "@qa");
        stage.Do(atp, new SettleApproval(Last.Id, new DecideApproval(true)), "@qa");
        stage.Do(atp, new ChangeStatus("Deployed"), "@sre");
        Assert.Equal("Deployed", stage.Atp(atp).Status);
    }

    /// <summary>What was approved for a path that was left does not open it again.</summary>
    [Fact]
    public void A_severity_that_comes_back_asks_again()
    {
        stage.Do(atp, new SettleApproval(Last.Id, new DecideApproval(true)), "@qa");
        stage.Do(incident, new ChangeSeverity(Severity.Sev1), "@pm");
        stage.Do(incident, new ChangeSeverity(Severity.Sev2), "@pm");

        Assert.Equal([6, 5, 6], stage.Atp(atp).Approvals.Select(approval => approval.Row));
        Assert.Equal(
            [AtpApprovalStatus.Approved, AtpApprovalStatus.Voided, AtpApprovalStatus.Open],
            stage.Atp(atp).Approvals.Select(approval => approval.Status));
    }

    [Fact]
    public void Two_responses_of_one_incident_are_asked_by_ids_of_their_own()
    {
        stage.Do("AT-2", new CreateAtp("another", Flow: "critical-response", IncidentId: incident), "@dev");
        Ready("AT-2");
        stage.Do(incident, new ChangeSeverity(Severity.Sev1), "@pm");

        Assert.NotEqual(Last.Id, stage.Atp("AT-2").Approvals[^1].Id);
        Assert.Equal("AT-2", stage.Approval(stage.Atp("AT-2").Approvals[^1].Id).AtpId);
    }

    private void Ready(string id)
    {
        stage.Do(id, new CreateArtifact("Assessment", "a", "## What is broken\na\n## Users affected\nb\n## Since when\nc\n## What changed\nd"), "@dev");
        stage.Do(id, new ChangeStatus("Assessed"), "@dev");
        stage.Do(id, new ChangeStatus("Mitigated"), "@sre");
        stage.Do(id, new CreateArtifact("TestReport", "tests", "critical ones", "passed"), "@dev");
        stage.Do(id, new HandOff("@qa", "the hotfix", "deploy", "- tests pass"), "@dev");
    }
}
