using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>SPEC §3 row 6: a follow-up is an obligation that nothing lets disappear.</summary>
public class FollowUpTests
{
    [Fact]
    public void A_closure_creates_the_postmortem_in_the_same_commit()
    {
        var stage = Play.Emergency("Closed");
        var postmortem = stage.Atp("AT-POST-01");
        Assert.Equal(("postmortem", "Queued", "@pm"), (postmortem.Type, postmortem.Status, postmortem.Owner));
        Assert.Equal(stage.Now.AddHours(24), postmortem.DueAt);
        Assert.Contains(stage.Happened, happened => happened is { Actor.Key: "AT-POST-01", Event: AtpCreated });
    }

    [Fact]
    public void It_is_created_although_the_incident_is_over_already()
    {
        var stage = Play.Emergency("Deployed");
        var incident = stage.Atp("AT-EMRG-01").IncidentId!;
        stage.Do(incident, new CancelIncident("false alarm"), "@pm");
        stage.Do("AT-EMRG-01", new CreateArtifact("PMVerificationReport", "report", "verified", Persist: "both"), "@pm");
        stage.Do("AT-EMRG-01", new CloseAtp(null), "@pm");

        Assert.Equal("Queued", stage.Atp("AT-POST-01").Status);
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
}
