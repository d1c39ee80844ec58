using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Halts;

/// <summary>The incident's own ATPs are exempt from its halt, and so are their clocks.</summary>
public class OwnWorkTests
{
    [Fact]
    public void No_clock_of_an_emergency_stands_still_under_its_own_halt()
    {
        foreach (var stage in new[] { Play.Emergency(), Declared() })
        {
            var halt = Assert.Single(stage.All<HaltState>()).Record()!;
            var clocks = stage.Clocks.Values.Where(clock => clock.Subject is not null).ToList();
            Assert.NotEmpty(clocks);
            Assert.All(clocks, clock => Assert.False(halt.Covers(clock.Subject!), $"{clock.Name} stands still"));
        }
    }

    [Fact]
    public void Clocks_of_other_work_are_covered()
    {
        var stage = Declared();
        stage.Create("AT-1", owner: "@dev");
        stage.Do("AT-1", new SendMessage("@dev", MessageType.Directive, null, "Tidy", "up", true), "@pm");

        var clock = stage.Clocks.Values.Single(clock => clock.Owner.Key == "AT-1");
        Assert.True(Assert.Single(stage.All<HaltState>()).Record()!.Covers(clock.Subject!));
    }

    [Fact]
    public void The_first_notification_says_the_severity()
    {
        var stage = Declared();
        Assert.Contains("(SEV-1)", stage.Sent().First(sent => sent.Type == MessageType.HITLNotification).Body, StringComparison.Ordinal);
    }

    private static Stage Declared()
    {
        var stage = new Stage();
        stage.Declared();
        return stage;
    }
}
