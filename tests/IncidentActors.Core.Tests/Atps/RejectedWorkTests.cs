using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>Standard flow row 7: who handed the work over is told that it was not accepted, and takes it up again.</summary>
public class RejectedWorkTests
{
    [Fact]
    public void Whoever_handed_it_over_is_told_and_owns_it_again()
    {
        var stage = new Stage();
        stage.Create("AT-1", owner: "@dev");
        stage.Do("AT-1", Play.Set("InProgress"), "@dev");
        stage.Do("AT-1", new HandOff("@pm", "done", "accept", "tests"), "@dev");
        stage.Do("AT-1", Play.Set("Rejected", "no tests"), "@pm");

        Assert.Equal("@dev", stage.Atp("AT-1").Owner);
        Assert.Equal("@dev", Assert.Single(stage.Atp("AT-1").Owed).To);
        stage.Do("AT-1", Play.Set("InProgress"), "@dev");
    }

    [Fact]
    public void Without_a_handoff_the_owner_is_told()
    {
        var stage = new Stage();
        stage.Create("AT-1", owner: "@qa");
        stage.Do("AT-1", Play.Set("InProgress"), "@qa");
        stage.Do("AT-1", Play.Set("Complete"), "@qa");
        stage.Do("AT-1", Play.Set("Rejected"), "@pm");

        Assert.Equal("@qa", Assert.Single(stage.Atp("AT-1").Owed).To);
    }

    [Fact]
    public void A_refusal_names_the_owner_as_the_one_who_may()
    {
        var stage = new Stage();
        stage.Create("AT-1", owner: "@dev");
        stage.Do("AT-1", Play.Set("InProgress"), "@dev");

        Assert.Equal(["@dev"], stage.Refused(Rules.AtpTransitionRole, "AT-1", new HandOff("@pm", "done", "rest", "tests"), "@qa").Allowed.AsEnumerable());
    }
}
