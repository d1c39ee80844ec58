using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>Seed 000: mandatory within 24 hours, six sections, action items become work.</summary>
public class PostmortemTests
{
    private readonly Stage stage = Play.Emergency("Closed");

    public PostmortemTests() => stage.Do(new FetchInbox(), "@pm");

    [Theory]
    [InlineData("Timeline")]
    [InlineData("Root Cause")]
    [InlineData("Impact")]
    [InlineData("Resolution")]
    [InlineData("Prevention")]
    [InlineData("Action Items")]
    public void It_closes_only_with_all_six_sections_filled(string missing)
    {
        stage.Do("AT-POST-01", Play.Set("InProgress"), "@pm");
        stage.Refused(Rules.ArtifactMissing, "AT-POST-01", new CloseAtp(null), "@pm");
        Write(Play.SixSections.Replace($"## {missing}\n", $"## {missing}\n## Other\n", StringComparison.Ordinal));
        Assert.Equal([missing.ToLowerInvariant()], stage.Refused(Rules.SectionMissing, "AT-POST-01", new CloseAtp(null), "@pm").Allowed.AsEnumerable());
        Write(Play.SixSections);
        stage.Do("AT-POST-01", new CloseAtp(null), "@pm");
        Assert.True(stage.Atp("AT-POST-01").Finished);
    }

    [Fact]
    public void Its_action_items_become_work()
    {
        stage.Do("AT-POST-01", Play.Set("InProgress"), "@pm");
        Write(Play.SixSections);
        stage.Do("AT-POST-01", new CloseAtp(null), "@pm");
        var items = stage.All<AtpState>().Where(atp => atp.Type == "action-item").ToList();
        Assert.Equal(["pin the config", "alert on drift"], items.Select(item => item.Title));
        Assert.All(items, item => Assert.Equal(("standard", "Queued", "AT-POST-01"), (item.Flow, item.Status, item.ParentAtpId)));
    }

    [Fact]
    public void Overdue_it_escalates_and_escalates_again_until_it_is_closed()
    {
        stage.Pass(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, stage.Atp("AT-POST-01").TimesOverdue("due"));
        Assert.Equal(["@operator", "@pm"], Escalated(TimeSpan.FromSeconds(1)));
        Assert.Equal(["@marcus", "@operator"], Escalated(TimeSpan.FromHours(1)));
        Assert.Equal(["@jonny", "@operator"], Escalated(TimeSpan.FromHours(1)));
        Assert.Equal(["@operator"], Escalated(TimeSpan.FromHours(1)));
        Assert.Equal(["@operator"], Escalated(TimeSpan.FromHours(1)));
        stage.Do("AT-POST-01", Play.Set("InProgress"), "@pm");
        Write(Play.SixSections);
        stage.Do("AT-POST-01", new CloseAtp(null), "@pm");
        Assert.Empty(Escalated(TimeSpan.FromHours(5)));
    }

    private void Write(string text) => stage.Do("AT-POST-01", new CreateArtifact("Postmortem", "postmortem", text), "@pm");

    private IEnumerable<string> Escalated(TimeSpan after)
    {
        stage.Pass(after);
        return stage.Events.Where(happened => happened.Actor.Key == "AT-POST-01").Select(happened => happened.Event).OfType<MessageSent>()
            .Where(sent => sent.Type == MessageType.Escalation).Select(sent => sent.To).Order();
    }
}
