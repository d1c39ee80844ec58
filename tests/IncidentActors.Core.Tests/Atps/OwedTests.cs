using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>Of each message that a row owes there is exactly one, and never none. Seeds 000 and 001: closure ends the message.</summary>
public class OwedTests
{
    [Fact]
    public void What_is_still_owed_after_the_grace_time_the_system_sends_once()
    {
        var stage = Play.Emergency();
        Assert.Equal([MessageType.HITLNotification, MessageType.EmergencyDirective], stage.Atp("AT-EMRG-01").Owed.Select(owed => owed.Type));
        stage.Pass(TimeSpan.FromSeconds(29));
        Assert.Empty(stage.Sent());
        stage.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(["@operator", "@dev"], stage.Sent().Select(sent => sent.To));
        Assert.All(stage.Sent(), sent => Assert.Equal(Handle.System, sent.From));
        stage.Pass(TimeSpan.FromMinutes(4));
        Assert.Empty(stage.Sent());
    }

    [Fact]
    public void What_the_agent_sends_itself_the_system_does_not()
    {
        var stage = Play.Emergency();
        stage.Do("AT-EMRG-01", new SendMessage("@operator", MessageType.HITLNotification, null, "SEV-1", "…"), "@pm");
        stage.Pass(TimeSpan.FromSeconds(31));
        Assert.Equal(MessageType.EmergencyDirective, Assert.Single(stage.Sent()).Type);
        Assert.Empty(stage.Atp("AT-EMRG-01").Owed);
    }

    [Fact]
    public void After_its_own_closure_an_agent_may_only_settle_what_the_closure_owes()
    {
        var stage = Play.Emergency("Closed");
        stage.Create("AT-2", by: "@dev");
        foreach (var refused in new AtpCommand[] { Play.Set("InProgress"),
            new SendMessage("@dev", MessageType.Directive, null, "x", "y"), new CreateArtifact("Note", "x", "y") })
            stage.Refused(Rules.TurnEnded, "AT-2", refused, "@pm");
        stage.Refused(Rules.TurnEnded, "AT-3", new CreateAtp("next"), "@pm");
        stage.Refused(Rules.TurnEnded, "AT-EMRG-01", new SendMessage("@dev", MessageType.Directive, null, "x", "y"), "@pm");

        stage.Do("AT-EMRG-01", new SendMessage("@operator", MessageType.HITLNotification, Priority.P1, "✅ INCIDENT RESOLVED", "…"), "@pm");
        stage.Do("AT-POST-01", new CreateAtp("Postmortem", "postmortem", Notes: "of AT-EMRG-01"), "@pm");
        Assert.Single(stage.All<AtpState>(), atp => atp.Type == "postmortem");

        stage.Do("AT-2", Play.Set("InProgress"), "@pm", session: "another");
        stage.Do(new FetchInbox(), "@pm");
        stage.Do("AT-2", new CreateArtifact("Note", "x", "y"), "@pm");
    }

    [Fact]
    public void The_review_that_seed_001_asks_for_is_the_one_that_the_closure_created()
    {
        var stage = new Stage();
        stage.Do("AT-XX-YY", Play.Set("InProgress", "HOTFIX: Production incident"), "@pm");
        Assert.Equal("🔥 HOTFIX: Production incident", Assert.Single(stage.Atp("AT-XX-YY").Owed).Subject);
        stage.Do("AT-XX-YY", new SendMessage("@pm", MessageType.Handoff, Priority.P1, "Handoff", Play.Fix, false), "@dev");
        stage.Refused(Rules.ArtifactMissing, "AT-XX-YY", new ChangeStatus("Closed"), "@pm");
        stage.Do("AT-XX-YY", new CreateArtifact("PMVerificationReport", "report", "verified", Persist: "both"), "@pm");
        stage.Do("AT-XX-YY", new ChangeStatus("Closed"), "@pm");
        var review = Assert.Single(stage.Atp("AT-XX-YY").FollowUps).AtpId;
        var answer = stage.Do(review, new CreateAtp("Post-Incident Review: x", "review", Notes: "Follow-up from hotfix AT-XX-YY"), "@pm");

        Assert.Empty(answer.Changes);
        Assert.Equal(3, stage.Atp(review).Debt.Length);
    }
}
