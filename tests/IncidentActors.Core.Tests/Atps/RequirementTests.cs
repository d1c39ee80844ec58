using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>Each requirement of a row refuses by its own rule and says what would meet it.</summary>
public class RequirementTests
{
    private const string Checked = """
        name: checked
        version: 1
        title: Checked work
        states:
          - { name: Ready }
          - { name: Tested }
          - { name: Done, terminal: true }
        branches:
          - { id: docs, title: Documentation, startsIn: Tested, role: documentation, doneBy: Manual }
        rows:
          - { number: 1, from: (new), to: Ready, trigger: Begun, role: any, tools: [atp_create] }
          - number: 2
            from: Ready
            to: Tested
            trigger: Tested
            role: any
            tools: [atp_set]
            requires:
              artifacts: [{ type: TestReport, outcome: passed, by: qa, fresh: true, sections: [result] }]
          - { number: 3, from: Tested, to: Ready, trigger: Changed, role: any, tools: [atp_set] }
          - number: 4
            from: Tested
            to: Done
            trigger: Done
            role: any
            tools: [atp_set]
            requires:
              branches: [docs]
          - number: 5
            from: Ready
            to: Done
            trigger: Deployed at once
            role: any
            tools: [atp_set]
            requires:
              severities: [SEV-1, SEV-2]
        """;

    private readonly Stage stage = new() { Flows = Loaded() };

    public RequirementTests() => stage.Do("AT-1", new CreateAtp("A thing", Flow: "checked"), "@dev");

    /// <summary>Seed 000, related flows: a normal defect is shown by a test that fails, and fixed when it passes.</summary>
    [Fact]
    public void A_bugfix_needs_a_test_that_fails_and_then_passes()
    {
        var bug = new Stage();
        bug.Do("AT-1", new CreateAtp("Cart total is wrong", "bugfix"), "@pm");
        bug.Do("AT-1", new ChangeStatus("InProgress"), "@dev");
        bug.Refused(Rules.ArtifactMissing, "AT-1", new ChangeStatus("Reproduced"), "@dev");
        bug.Do("AT-1", new CreateArtifact("ReproductionTest", "test", "two coupons", "failed"), "@dev");
        bug.Do("AT-1", new ChangeStatus("Reproduced"), "@dev");
        bug.Refused(Rules.ArtifactMissing, "AT-1", new HandOff("@pm", "fixed", "verify", "tests"), "@dev");
        bug.Do("AT-1", new CreateArtifact("TestReport", "test", "two coupons", "passed"), "@dev");
        bug.Do("AT-1", new HandOff("@pm", "fixed", "verify", "tests"), "@dev");
        Assert.Equal("Complete", bug.Atp("AT-1").Status);
    }

    /// <summary>Seed 004, step 9: branch and message of the commit have a form, and whoever writes another is told it.</summary>
    [Theory]
    [InlineData("## Branch\nhotfix/critical-issue\n## Commit\nhotfix: release the connection", null)]
    [InlineData("## Branch\n`hotfix/critical-issue`\n## Commit\n```\nhotfix: release the connection\n```", null)]
    [InlineData("## Branch\nmain\n## Commit\nhotfix: release the connection", Rules.ArtifactForm)]
    [InlineData("## Branch\nhotfix/critical-issue\n## Commit\nfixed it", Rules.ArtifactForm)]
    [InlineData("## Branch\nhotfix/critical-issue", Rules.SectionMissing)]
    [InlineData("pushed", Rules.SectionMissing)]
    public void An_emergency_commit_names_branch_and_commit_of_a_hotfix(string content, string? refused)
    {
        var hotfix = new Stage();
        var (_, atp) = hotfix.Declared(Play.Declare() with { Flow = "emergency-hotfix" });
        Play.UpToApproval(hotfix, atp);
        hotfix.Do(atp, new SettleApproval(hotfix.Atp(atp).Approvals[^1].Id, new Core.Approvals.DecideApproval(true)), "@approval-manager");
        hotfix.Refused(Rules.ArtifactMissing, atp, new ChangeStatus("Committed"), "@version-controller");
        var commit = new CreateArtifact("EmergencyCommit", "commit", content);
        if (refused == Rules.ArtifactForm)
        {
            Assert.Single(hotfix.Refused(refused, atp, commit, "@version-controller").Allowed, one => one.StartsWith("hotfix", StringComparison.Ordinal));
            return;
        }

        hotfix.Do(atp, commit, "@version-controller");
        if (refused is not null) hotfix.Refused(refused, atp, new ChangeStatus("Committed"), "@version-controller");
        else hotfix.Do(atp, new ChangeStatus("Committed"), "@version-controller");
    }

    [Fact]
    public void An_artifact_is_there_by_the_right_role_with_its_outcome_and_sections()
    {
        stage.Refused(Rules.ArtifactMissing, "AT-1", Play.Set("Tested"), "@dev");
        Report("@dev", "passed");
        stage.Refused(Rules.ArtifactMissing, "AT-1", Play.Set("Tested"), "@dev");
        Report("@qa", "failed");
        Assert.Equal(["passed"], stage.Refused(Rules.ArtifactOutcome, "AT-1", Play.Set("Tested"), "@dev").Allowed.AsEnumerable());
        Report("@qa", "passed", "no headings");
        Assert.Equal(["result"], stage.Refused(Rules.SectionMissing, "AT-1", Play.Set("Tested"), "@dev").Allowed.AsEnumerable());
        Report("@qa", "passed");
        stage.Do("AT-1", Play.Set("Tested"), "@dev");
    }

    [Fact]
    public void An_artifact_made_before_the_state_was_entered_is_not_fresh()
    {
        Report("@qa", "passed");
        stage.Do("AT-1", Play.Set("Tested"), "@dev");
        stage.Do("AT-1", Play.Set("Ready"), "@dev");
        stage.Refused(Rules.ArtifactMissing, "AT-1", Play.Set("Tested"), "@dev");
        Report("@qa", "passed");
        stage.Do("AT-1", Play.Set("Tested"), "@dev");
    }

    [Fact]
    public void A_parallel_branch_must_be_finished_first()
    {
        Report("@qa", "passed");
        stage.Do("AT-1", Play.Set("Tested"), "@dev");
        Assert.Equal(["docs"], stage.Refused(Rules.BranchOpen, "AT-1", Play.Set("Done"), "@dev").Allowed.AsEnumerable());
        stage.Do("AT-1", new CreateArtifact("Manual", "manual", "how it works"), "@documentation");
        stage.Do("AT-1", Play.Set("Done"), "@dev");
    }

    [Fact]
    public void A_row_can_exist_for_some_severities_only()
    {
        var (minor, _) = stage.Declared(Play.Declare(severity: Severity.Sev3));
        stage.Do("AT-2", new CreateAtp("A thing", Flow: "checked", IncidentId: minor), "@dev");
        stage.Refused(Rules.AtpTransitionUnknown, "AT-2", Play.Set("Done"), "@dev");
        var (major, _) = stage.Declared(Play.Declare(severity: Severity.Sev2));
        stage.Do("AT-3", new CreateAtp("A thing", Flow: "checked", IncidentId: major), "@dev");
        stage.Do("AT-3", Play.Set("Done"), "@dev");
    }

    private void Report(string by, string outcome, string content = "## Result\n12 of 12") =>
        stage.Do("AT-1", new CreateArtifact("TestReport", "report", content, outcome), by);

    private static FlowSet Loaded()
    {
        var (set, problems) = FlowSet.Shipped.Load([new FlowFile("checked.yaml", Checked)]);
        Assert.Empty(problems);
        return set;
    }
}
