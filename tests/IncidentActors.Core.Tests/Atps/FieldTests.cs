using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>SPEC §1: one piece of work with one owner. Anybody may take up what waits; what is somebody's is not taken away by moving it.</summary>
public class FieldTests
{
    private readonly Stage stage = new();

    [Fact]
    public void Moving_it_lends_no_right_to_its_fields()
    {
        stage.Create("AT-1", owner: "@dev");
        stage.Refused(Rules.AtpFieldRole, "AT-1", Play.Set("InProgress", owner: "@luna"), "@luna");
        stage.Refused(Rules.AtpFieldRole, "AT-1", new SetAtp("InProgress", Priority: Priority.P0), "@luna");
        stage.Do("AT-1", Play.Set("InProgress", "begun for dev", owner: "@dev"), "@luna");
        Assert.Equal(("InProgress", "@dev", Priority.P2), (stage.Atp("AT-1").Status, stage.Atp("AT-1").Owner, stage.Atp("AT-1").Priority));
    }

    [Theory]
    [InlineData("@dev")]
    [InlineData("@pm")]
    [InlineData("@operator")]
    public void Whoever_may_change_it_gives_it_away_while_moving_it(string by)
    {
        stage.Create("AT-1", owner: "@dev");
        stage.Do("AT-1", Play.Set("InProgress", owner: "@luna"), by);
        Assert.Equal("@luna", stage.Atp("AT-1").Owner);
    }

    [Fact]
    public void What_nobody_owns_is_taken_by_whoever_begins_it()
    {
        stage.Create("AT-1");
        stage.Do("AT-1", new SetAtp("InProgress", Owner: "@luna", Priority: Priority.P1), "@luna");
        Assert.Equal(("@luna", Priority.P1), (stage.Atp("AT-1").Owner, stage.Atp("AT-1").Priority));
    }
}
