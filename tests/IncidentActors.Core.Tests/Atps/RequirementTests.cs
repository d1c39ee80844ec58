using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>SPEC §3: each requirement of a row refuses by its own rule and says what would meet it.</summary>
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
    public void What_was_made_before_the_state_was_entered_is_not_fresh()
    {
        Report("@qa", "passed");
        stage.Do("AT-1", Play.Set("Tested"), "@dev");
        stage.Do("AT-1", Play.Set("Ready"), "@dev");
        stage.Refused(Rules.ArtifactMissing, "AT-1", Play.Set("Tested"), "@dev");
        Report("@qa", "passed");
        stage.Do("AT-1", Play.Set("Tested"), "@dev");
    }

    [Fact]
    public void A_branch_that_runs_beside_is_finished_first()
    {
        Report("@qa", "passed");
        stage.Do("AT-1", Play.Set("Tested"), "@dev");
        Assert.Equal(["docs"], stage.Refused(Rules.BranchOpen, "AT-1", Play.Set("Done"), "@dev").Allowed.AsEnumerable());
        stage.Do("AT-1", new CreateArtifact("Manual", "manual", "how it works"), "@documentation");
        stage.Do("AT-1", Play.Set("Done"), "@dev");
    }

    [Fact]
    public void A_row_may_be_there_for_some_severities_only()
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
