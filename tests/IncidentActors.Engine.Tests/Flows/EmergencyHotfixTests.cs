using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Engine.Tests.Flows;

/// <summary>Seed 004: every path through its diagram and its error handling, each step by the role that the seed names, on a virtual clock.</summary>
public sealed class EmergencyHotfixTests : IAsyncDisposable
{
    private const string Plan = "## Minimal fix\na\n## Rollback plan\nb\n## Full fix for follow-up\nc";
    private const string Commit = "## Branch\nhotfix/critical-issue\n## Commit\nhotfix: description";
    private const string Undone = "## What failed\na";
    private const string Bug = "## Hotfix details\na\n## Follow-up review\nb";

    private readonly TestEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task The_main_path_takes_every_node_and_leaves_both_follow_ups()
    {
        var walk = await CommittedAsync();
        await walk.Take("@version-controller", "Deployed");
        await StableAsync(walk);
        await ClosedAsync(walk);

        Assert.Equal("1 2 3 5 7 8 10 12 15 16 17 21 24 25 26 27 34 35", await walk.Rows());
        var closed = (await walk.View()).ClosedAt!.Value;
        var due = new List<(TimeSpan, string)>();
        foreach (var followUp in (await walk.View()).FollowUps)
            due.Add(await engine.Atp(followUp.AtpId).GetAsync() is { } one ? (one.DueAt!.Value - closed, string.Join(", ", one.Sections)) : default);
        Assert.Equal(
            [
                (TimeSpan.FromHours(24), "code review, full test suite, security review, documentation"),
                (TimeSpan.FromDays(7), "follow-up change, root cause, prevention, process improvements"),
            ],
            due);
        Assert.Equal(IncidentStatus.Resolved, (await walk.Incident()).Status);
    }

    [Fact]
    public async Task What_is_not_critical_goes_out_to_standard_work()
    {
        var walk = await FlowWalk.DeclareAsync(engine, "emergency-hotfix", Severity.Sev1);
        await walk.Add("@planner", "ImpactAssessment", "non-critical");
        await walk.Take("@planner", "Assessed");

        Assert.Equal("1 2 4 36", await walk.Rows());
        Assert.Equal("standard", (await engine.Atp((await walk.View()).FollowUps.Single().AtpId).GetAsync())!.Flow);
    }

    [Fact]
    public async Task An_analysis_that_fails_is_escalated_with_what_was_attempted()
    {
        var walk = await EmergencyAsync();
        await walk.Refused("@debug", "Escalated", Rules.ArtifactMissing);
        await walk.Add("@debug", "FailureRecord", content: "## What was attempted\nbisecting");
        await walk.Take("@debug", "Escalated");
        await engine.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await walk.Told("@dev", subject => subject.StartsWith("Analysis failed", StringComparison.Ordinal)));

        await walk.Add("@dev", "RootCauseAnalysis");
        await walk.Take("@dev", "Analyzed");
        Assert.Equal("1 2 3 6 29", await walk.Rows());
    }

    [Fact]
    public async Task No_fix_without_a_rollback_plan()
    {
        var walk = await EmergencyAsync();
        await walk.Add("@debug", "RootCauseAnalysis");
        await walk.Take("@debug", "Analyzed");
        await walk.Add("@fix", "FixPlan", content: Plan.Replace("## Rollback plan\nb", "## Rollback plan\nTBD", StringComparison.Ordinal));
        Assert.Equal<IEnumerable<string>>(["rollback plan"], (await walk.Refused("@fix", "FixPlanned", Rules.SectionMissing)).Allowed);
        await walk.Add("@fix", "FixPlan", content: Plan);
        await walk.Take("@fix", "FixPlanned");
    }

    [Fact]
    public async Task No_fix_without_a_backup_of_the_affected_files()
    {
        var walk = await PlannedAsync();

        await walk.Refused("@fix", "FixApplied", Rules.ArtifactMissing);
        await walk.Add("@fix", "BackupConfirmation");
        await walk.Take("@fix", "FixApplied");
        Assert.Equal("FixApplied", await walk.Status());
    }

    [Fact]
    public async Task A_fix_that_fails_is_rolled_back_and_escalated()
    {
        var walk = await PlannedAsync();
        await walk.Take("@fix", "RolledBack");
        await walk.Refused("@fix", "Escalated", Rules.ArtifactMissing);
        await walk.Add("@fix", "RollbackRecord");
        await walk.Refused("@fix", "Escalated", Rules.SectionMissing);
        await walk.Add("@fix", "RollbackRecord", content: Undone);
        await walk.Take("@fix", "Escalated");

        Assert.Equal("1 2 3 5 7 9 28", await walk.Rows());
    }

    [Fact]
    public async Task Tests_that_fail_roll_the_fix_back_at_once_and_another_fix_may_follow()
    {
        var walk = await AppliedAsync();
        await walk.Add("@test-manager", "TestReport", "failed");
        Assert.Equal("RolledBack", await walk.Status());
        await walk.Add("@fix", "RollbackRecord", content: Undone);
        await walk.Take("@fix", "Escalated");
        await walk.Add("@dev", "RootCauseAnalysis");
        await walk.Take("@dev", "Analyzed");
        await walk.Add("@fix", "FixPlan", content: Plan);
        await walk.Take("@fix", "FixPlanned");
        await walk.Refused("@fix", "FixApplied", Rules.ArtifactMissing);
        await walk.Add("@fix", "BackupConfirmation");
        await walk.Take("@fix", "FixApplied");
        Assert.Equal("FixApplied", await walk.Status());
        await walk.Add("@test-manager", "TestReport", "passed");

        Assert.Equal("1 2 3 5 7 8 11 28 29 7 8 10", await walk.Rows());
    }

    [Fact]
    public async Task A_critical_security_issue_blocks_the_deployment_and_rolls_back()
    {
        var walk = await TestedAsync();
        await walk.Add("@security-review", "SecurityReview", "critical");

        Assert.Equal("1 2 3 5 7 8 10 14", await walk.Rows());
    }

    [Fact]
    public async Task A_security_issue_that_is_not_critical_is_recorded_for_the_follow_up()
    {
        var walk = await TestedAsync();
        await walk.Add("@security-review", "SecurityReview", "non-critical");
        await walk.Decide("@approval-manager", true);
        await CommitAsync(walk);
        await walk.Take("@version-controller", "Deployed");
        await StableAsync(walk);
        await ClosedAsync(walk);

        Assert.Contains(" 13 ", await walk.Rows(), StringComparison.Ordinal);
        Assert.Superset(
            new HashSet<string> { "non-critical security issues", "code review skipped", "full test suite deferred", "full documentation deferred" },
            (await engine.Atp((await walk.View()).FollowUps[0].AtpId).GetAsync())!.Debt.ToHashSet());
    }

    [Fact]
    public async Task Only_the_named_roles_evidence_counts()
    {
        var walk = await AppliedAsync();
        await walk.Add("@dev", "TestReport", "passed");

        Assert.Equal("FixApplied", await walk.Status());
    }

    [Fact]
    public async Task An_approval_that_nobody_gives_is_given_after_five_minutes_and_says_so()
    {
        var walk = await TestedAsync();
        await walk.Add("@security-review", "SecurityReview", "passed");
        await engine.PassAsync(TimeSpan.FromMinutes(4));
        Assert.Equal("SecurityCleared", await walk.Status());
        await engine.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("Approved", await walk.Status());
        var approval = (await walk.View()).Approvals.Single();
        Assert.Equal((AtpApprovalStatus.Approved, true, "@system"), (approval.Status, approval.Automatic, approval.DecidedBy));
        Assert.Equal(1, await walk.Told("@operator", subject => subject == $"Approved automatically: not decided in time: {walk.Id}"));
        var dossier = (await new Engine.Incidents.Dossiers(engine.Turns).ReadAsync((await walk.Incident()).Id, default))!;
        Assert.Contains("Approved automatically: not decided in time", Core.Reports.IncidentReport.Of(dossier).Markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_that_is_rejected_rolls_back()
    {
        var walk = await TestedAsync();
        await walk.Add("@security-review", "SecurityReview", "passed");
        await walk.Decide("@approval-manager", false);

        Assert.Equal("RolledBack", await walk.Status());
    }

    [Fact]
    public async Task A_deployment_that_fails_is_retried_or_handed_to_incident_response()
    {
        var walk = await CommittedAsync();
        await walk.Take("@version-controller", "DeploymentFailed");
        await walk.Refused("@version-controller", "Committed", Rules.ArtifactMissing);
        await walk.Add("@version-controller", "FailureRecord", content: "## Deployment issue\nregistry down");
        await walk.Refused("@version-controller", "Committed", Rules.ArtifactMissing);
        await walk.Add("@version-controller", "RollbackRecord");
        await walk.Take("@version-controller", "Committed");
        await walk.Take("@version-controller", "DeploymentFailed");
        await walk.Refused("@version-controller", "IncidentResponse", Rules.ArtifactMissing);
        await walk.Add("@version-controller", "RollbackRecord");
        await walk.Take("@version-controller", "IncidentResponse");

        Assert.Equal("1 2 3 5 7 8 10 12 15 16 18 19 18 20 37", await walk.Rows());
        Assert.Equal("critical-response", (await engine.Atp((await walk.View()).FollowUps.Single().AtpId).GetAsync())!.Flow);
    }

    [Fact]
    public async Task An_unstable_production_is_rolled_back_and_begins_incident_response()
    {
        var walk = await CommittedAsync();
        await walk.Take("@version-controller", "Deployed");
        await walk.Add("@monitoring", "StabilityReport", "unstable");
        Assert.Equal("DeploymentRolledBack", await walk.Status());
        await walk.Refused("@version-controller", "IncidentResponse", Rules.ArtifactMissing);
        await walk.Add("@version-controller", "RollbackRecord");
        await walk.Take("@version-controller", "IncidentResponse");

        Assert.Equal("1 2 3 5 7 8 10 12 15 16 17 22 23 37", await walk.Rows());
        Assert.Equal(IncidentStatus.Assessing, (await walk.Incident()).Status);
    }

    [Theory]
    [InlineData("stable", "1 2 3 5 7 9 28 30 32")]
    [InlineData("unstable", "1 2 3 5 7 9 28 30 33 37")]
    public async Task Recent_changes_may_be_rolled_back_instead_of_a_fix(string outcome, string rows)
    {
        var walk = await EscalatedAsync();
        await walk.Add("@dev", "RollbackRecord");
        await walk.Take("@dev", "ChangesReverted");
        await walk.Add("@monitoring", "StabilityReport", outcome);

        Assert.Equal(rows, await walk.Rows());
    }

    [Fact]
    public async Task What_is_escalated_may_be_handed_to_incident_response()
    {
        var walk = await EscalatedAsync();
        await walk.Take("@dev", "IncidentResponse");

        Assert.Equal("1 2 3 5 7 9 28 31 37", await walk.Rows());
    }

    /// <summary>Seed 004, Error Handling: rolled back immediately.</summary>
    [Theory]
    [InlineData("RolledBack")]
    [InlineData("DeploymentFailed")]
    [InlineData("DeploymentRolledBack")]
    public async Task What_is_to_be_rolled_back_immediately_and_is_not_is_escalated_once(string state)
    {
        var walk = state == "RolledBack" ? await PlannedAsync() : await CommittedAsync();
        if (state == "DeploymentRolledBack")
        {
            await walk.Take("@version-controller", "Deployed");
            await walk.Add("@monitoring", "StabilityReport", "unstable");
        }
        else
        {
            await walk.Take(state == "RolledBack" ? "@fix" : "@version-controller", state);
        }

        Assert.Equal(state, await walk.Status());
        var late = $"{walk.Id} has been {state} longer than its flow allows";
        await engine.PassAsync(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await walk.Told("@operator", subject => subject == late));
        await engine.PassAsync(TimeSpan.FromMinutes(30));
        Assert.Equal((1, 1), (await walk.Told("@operator", subject => subject == late), await walk.Told("@pm", subject => subject == late)));
    }

    [Fact]
    public async Task What_is_rolled_back_in_time_is_late_to_nobody()
    {
        var walk = await EscalatedAsync();
        await engine.PassAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(0, await walk.Told("@operator", subject => subject.Contains("longer than its flow allows", StringComparison.Ordinal)));
    }

    /// <summary>Seed 004: the analysis is of the debug agent or of the fix agent, the validation of the test manager or of monitoring.</summary>
    [Fact]
    public async Task A_step_that_the_seed_gives_to_two_is_taken_by_either()
    {
        var walk = await EmergencyAsync();
        await walk.Add("@fix", "RootCauseAnalysis");
        await walk.Take("@fix", "Analyzed");
        Assert.Equal("Analyzed", await walk.Status());

        var other = await CommittedAsync();
        await other.Take("@version-controller", "Deployed");
        await other.Add("@test-manager", "StabilityReport", "stable");
        Assert.Equal("Stable", await other.Status());
    }

    [Theory]
    [InlineData(5, "Emergency assessment (2-5 minutes)")]
    [InlineData(30, "Rapid analysis and fix (10-30 minutes)")]
    [InlineData(15, "Critical validation (5-15 minutes)")]
    [InlineData(10, "Emergency deployment (5-10 minutes)")]
    [InlineData(60, "Post-deploy and follow-up (30-60 minutes)")]
    public async Task Every_phase_that_overruns_says_so_once(int minutes, string title)
    {
        var walk = minutes switch
        {
            5 => await FlowWalk.DeclareAsync(engine, "emergency-hotfix", Severity.Sev1),
            30 => await EmergencyAsync(),
            15 => await AppliedAsync(),
            10 => await CommittedAsync(),
            _ => await CommittedAsync(),
        };
        if (minutes == 60) await walk.Take("@version-controller", "Deployed");
        await engine.PassAsync(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await walk.Told("@operator", subject => subject.Contains(title, StringComparison.Ordinal)));
        await engine.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(1, await walk.Told("@operator", subject => subject.Contains($"overran {title}", StringComparison.Ordinal)));
    }

    private async Task<FlowWalk> EmergencyAsync()
    {
        var walk = await FlowWalk.DeclareAsync(engine, "emergency-hotfix", Severity.Sev1);
        await walk.Add("@planner", "ImpactAssessment", "critical");
        await walk.Take("@planner", "Assessed");
        return walk;
    }

    private async Task<FlowWalk> PlannedAsync()
    {
        var walk = await EmergencyAsync();
        await walk.Add("@debug", "RootCauseAnalysis");
        await walk.Take("@debug", "Analyzed");
        await walk.Add("@fix", "FixPlan", content: Plan);
        await walk.Take("@fix", "FixPlanned");
        return walk;
    }

    private async Task<FlowWalk> AppliedAsync()
    {
        var walk = await PlannedAsync();
        await walk.Add("@fix", "BackupConfirmation");
        await walk.Take("@fix", "FixApplied");
        return walk;
    }

    private async Task<FlowWalk> EscalatedAsync()
    {
        var walk = await PlannedAsync();
        await walk.Take("@fix", "RolledBack");
        await walk.Add("@fix", "RollbackRecord", content: Undone);
        await walk.Take("@fix", "Escalated");
        return walk;
    }

    private async Task<FlowWalk> TestedAsync()
    {
        var walk = await AppliedAsync();
        await walk.Add("@test-manager", "TestReport", "passed");
        return walk;
    }

    private async Task<FlowWalk> CommittedAsync()
    {
        var walk = await TestedAsync();
        await walk.Add("@security-review", "SecurityReview", "passed");
        await walk.Decide("@approval-manager", true);
        await CommitAsync(walk);
        return walk;
    }

    private static async Task CommitAsync(FlowWalk walk)
    {
        await walk.Refused("@version-controller", "Committed", Rules.ArtifactMissing);
        await walk.Add("@version-controller", "EmergencyCommit", content: Commit);
        await walk.Take("@version-controller", "Committed");
    }

    private static Task StableAsync(FlowWalk walk) => walk.Add("@monitoring", "StabilityReport", "stable");

    private static async Task ClosedAsync(FlowWalk walk)
    {
        await walk.Add("@documentation", "Postmortem", content: FlowWalk.Postmortem);
        await walk.Take("@documentation", "PostmortemWritten");
        await walk.Add("@bug-collector", "BugRecord", content: Bug);
        await walk.Take("@bug-collector", "BugRecorded");
        await walk.Add("@version-controller", "FollowUpChange");
        await walk.Take("@version-controller", "FollowUpOpened");
        await walk.Take("@planner", "Closed");
    }
}
