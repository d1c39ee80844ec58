using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>A follow-up is an obligation that nothing lets disappear.</summary>
public class FollowUpTests
{
    [Fact]
    public void A_closure_creates_the_postmortem_in_the_same_commit()
    {
        var stage = Play.Emergency("Closed");
        var postmortem = stage.Atp("AT-POST-01");
        Assert.Equal(("postmortem", "Queued", "@pm"), (postmortem.Type, postmortem.Status, postmortem.Owner));
        Assert.Equal(stage.Now.AddHours(24), postmortem.DueAt);
        Assert.Contains(stage.Events, happened => happened is { Actor.Key: "AT-POST-01", Event: AtpCreated });
    }

    [Fact]
    public void It_is_created_when_the_incident_is_resolved_by_its_commander()
    {
        var stage = Play.Emergency("Deployed");
        stage.Do(stage.Atp("AT-EMRG-01").IncidentId!, new ResolveIncident("rolled back", Verified: Play.Verified), "@pm");

        Assert.Equal(("Closed", "Queued"), (stage.Atp("AT-EMRG-01").Status, stage.Atp("AT-POST-01").Status));
    }

    [Fact]
    public void It_is_created_although_the_roster_lists_nobody_for_its_role()
    {
        var stage = new Stage { Roster = new Roster([], []) };
        stage.Do(new RegisterAgent(["pm"], null), "@pm");
        stage.Do("AT-HOTFIX-01", Play.Set(notes: "hotfix: broken"), "@pm");
        stage.Do(new RegisterAgent(["dev"], null), "@dev");
        stage.Do("AT-HOTFIX-01", new SendMessage("@pm", MessageType.Handoff, null, "Handoff", Play.Fix, false), "@dev");
        stage.Do("AT-HOTFIX-01", new CreateArtifact("PMVerificationReport", "report", "verified", Persist: "both"), "@pm");
        stage.Do("AT-HOTFIX-01", new CloseAtp(null), "@pm");

        Assert.Equal("Queued", stage.Atp("AT-REVIEW-01").Status);
    }

    [Fact]
    public void Action_items_become_work_although_the_incident_is_closed()
    {
        var stage = Play.Emergency("Closed");
        var incident = stage.Atp("AT-EMRG-01").IncidentId!;
        stage.Do(new FetchInbox(), "@pm");
        stage.Do(incident, new CloseIncident(OverrideReason: "drill"), "@pm");
        stage.Do("AT-POST-01", Play.Set("InProgress"), "@pm");
        stage.Do("AT-POST-01", new CreateArtifact("Postmortem", "postmortem", Play.SixSections), "@pm");
        stage.Do("AT-POST-01", new CloseAtp(null), "@pm");

        Assert.Equal(["pin the config", "alert on drift"], new[] { "AT-POST-01-A1", "AT-POST-01-A2" }.Select(id => stage.Atp(id).Title));
    }

    /// <summary>Seed 003, post-incident steps 3 to 5.</summary>
    [Fact]
    public void Directive_skill_log_and_shared_brain_are_owed_by_the_first_responder_until_all_are_recorded()
    {
        var stage = new Stage();
        var (incident, atp) = Play.Declared(stage);
        stage.Do(incident, new ResolveIncident("the provider is back", Verified: Play.Verified, NoFix: "the provider is back"), "@pm");
        var postmortem = stage.All<AtpState>().Single(known => known.Type == "postmortem").Id;
        stage.Do(postmortem, Play.Set("InProgress"), "@pm");
        stage.Do(postmortem, new CreateArtifact("Postmortem", "postmortem", Play.SixSections), "@pm");
        stage.Do(postmortem, new CloseAtp(null), "@pm");

        stage.Do(new FetchInbox(), "@pm");
        var learning = stage.Atp($"{postmortem}-L");
        Assert.Equal(("learning", "@owen", "Queued"), (learning.Type, learning.Owner, learning.Status));
        Assert.Equal(stage.Now.AddDays(7), learning.DueAt);
        stage.Do(learning.Id, Play.Set("InProgress"), "@owen");
        stage.Do(learning.Id, new CreateArtifact("ReviewReport", "learned", "## Directive update\ndeploys need a canary\n## Skill log\nTBD"), "@owen");
        stage.Do(learning.Id, Play.Set("Complete"), "@owen");
        stage.Refused(Rules.SectionMissing, learning.Id, new CloseAtp(null), "@pm");
        stage.Do(learning.Id, new CreateArtifact(
            "ReviewReport", "learned", "## Directive update\ndeploys need a canary\n## Skill log\nlook at the pool first\n## Shared brain\nsent"), "@owen");
        stage.Do(learning.Id, new CloseAtp(null), "@pm");
        Assert.True(stage.Atp(learning.Id).Finished);
    }

    /// <summary>Seed 004: one review within 24 hours and one within a week; neither is lost where the names that they would have are taken.</summary>
    [Fact]
    public void Two_follow_ups_of_one_closure_never_share_an_id()
    {
        var stage = new Stage();
        stage.Create("AT-REVIEW-X");
        stage.Create("AT-REVIEW-X-2");
        Closed(stage, "AT-X");

        var created = stage.Atp("AT-X").FollowUps.Select(followUp => followUp.AtpId).ToList();
        Assert.Equal(["AT-REVIEW-X-3", "AT-REVIEW-X-4"], created);
        Assert.Equal([1.0, 7.0], created.Select(id => (stage.Atp(id).DueAt - stage.Now)!.Value.TotalDays));
        Assert.All(created, id => Assert.Single(stage.Events, happened => happened.Actor.Key == id && happened.Event is AtpCreated));
        stage.Pass(TimeSpan.FromSeconds(31));
        Assert.EndsWith(
            "Reviews queued: AT-REVIEW-X-3, AT-REVIEW-X-4",
            stage.Sent().First(sent => sent.Subject.StartsWith("Emergency hotfix closed", StringComparison.Ordinal)).Body, StringComparison.Ordinal);
    }

    /// <summary>Ids of 120 characters may be written: what follows from such work must not be longer.</summary>
    [Fact]
    public void What_follows_from_the_longest_id_can_be_named_too()
    {
        var stage = new Stage();
        var id = "AT-" + new string('X', 117);
        stage.Do(id, new CreateAtp("hotfix: broken", Flow: "hotfix"), "@pm");
        stage.Do(id, new HandOff("@pm", "fixed", "verify", "tests"), "@dev");
        stage.Do(id, new CreateArtifact("PMVerificationReport", "report", "verified", Persist: "both"), "@pm");
        stage.Do(id, new CloseAtp(null), "@pm");

        var review = Assert.Single(stage.Atp(id).FollowUps).AtpId;
        Assert.StartsWith("AT-REVIEW-XXX", review, StringComparison.Ordinal);
        Assert.InRange(review.Length, 1, 110);
    }

    [Fact]
    public void Action_items_of_the_longest_id_can_be_named_too()
    {
        var stage = new Stage();
        var id = "AT-" + new string('X', 117);
        stage.Do(id, new CreateAtp("postmortem", Flow: "postmortem"), "@pm");
        stage.Do(id, Play.Set("InProgress"), "@pm");
        stage.Do(id, new CreateArtifact("Postmortem", "postmortem", Play.SixSections), "@pm");
        stage.Do(id, new CloseAtp(null), "@pm");

        var items = stage.All<AtpState>().Where(atp => atp.ParentAtpId == id).Select(atp => atp.Id).ToList();
        Assert.Equal(2, items.Count);
        Assert.All(items, item => Assert.InRange(item.Length, 1, 110));
    }

    [Fact]
    public void The_closing_message_names_exactly_what_was_created()
    {
        var stage = new Stage();
        stage.Do("AT-X", new CreateAtp("critical bug", Flow: "emergency-hotfix"), "@planner");
        stage.Do("AT-X", new CreateArtifact("ImpactAssessment", "impact", "all users", "critical"), "@planner");
        stage.Do("AT-X", Play.Set("Assessed"), "@planner");
        stage.Do("AT-X", new CreateArtifact("FailureRecord", "failure", "## What was attempted\neverything"), "@debug");
        stage.Do("AT-X", Play.Set("Escalated"), "@debug");
        stage.Do("AT-X", new ChangeStatus("IncidentResponse"), "@dev");
        stage.Pass(TimeSpan.FromSeconds(31));

        var created = Assert.Single(stage.Atp("AT-X").FollowUps).AtpId;
        Assert.EndsWith($"goes on as a critical response: {created}",
            stage.Sent().First(sent => sent.Subject.StartsWith("Handed to", StringComparison.Ordinal)).Body, StringComparison.Ordinal);
    }

    private static void Closed(Stage stage, string atp)
    {
        stage.Do(atp, new CreateAtp("critical bug", Flow: "emergency-hotfix"), "@planner");
        Play.UpToApproval(stage, atp);
        stage.Do(atp, new SettleApproval(stage.Atp(atp).Approvals[^1].Id, new DecideApproval(true)), "@approval-manager");
        stage.Do(atp, new CreateArtifact("EmergencyCommit", "commit", "## Branch\nhotfix/x\n## Commit\nhotfix: x"), "@version-controller");
        stage.Do(atp, new ChangeStatus("Committed"), "@version-controller");
        stage.Do(atp, new ChangeStatus("Deployed"), "@version-controller");
        stage.Do(atp, new CreateArtifact("StabilityReport", "stable", "all is well", "stable"), "@monitoring");
        stage.Do(atp, new CreateArtifact("Postmortem", "postmortem", Play.SixSections), "@documentation");
        stage.Do(atp, new ChangeStatus("PostmortemWritten"), "@documentation");
        stage.Do(atp, new CreateArtifact("BugRecord", "bug", "## Hotfix details\na\n## Follow-up review\nb"), "@bug-collector");
        stage.Do(atp, new ChangeStatus("BugRecorded"), "@bug-collector");
        stage.Do(atp, new CreateArtifact("FollowUpChange", "change", "the full fix"), "@version-controller");
        stage.Do(atp, new ChangeStatus("FollowUpOpened"), "@version-controller");
        stage.Do(atp, new CloseAtp(null), "@planner");
    }
}
