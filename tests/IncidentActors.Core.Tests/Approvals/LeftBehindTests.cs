using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Tests.Approvals;

/// <summary>An approval asks about one state; its answer holds for nothing else.</summary>
public class LeftBehindTests
{
    private readonly Stage stage = new() { Flows = ReleaseFlow.Loaded() };

    [Fact]
    public void Leaving_the_state_by_another_row_voids_it()
    {
        stage.Do("AT-1", new CreateAtp("v2", Flow: "release"), "@dev");
        var asked = Assert.Single(stage.Atp("AT-1").Approvals).Id;
        stage.Do("AT-1", Play.Set("Shelved"), "@dev");

        Assert.Equal(ApprovalStatus.Voided, stage.Approval(asked).Status);
        stage.Refused(Rules.ApprovalDecided, "AT-1", new SettleApproval(asked, new DecideApproval(false)), "@pm");
        Assert.DoesNotContain(stage.Clocks.Keys, clock => clock.Name == $"approval:{asked}");
    }

    [Fact]
    public void Coming_back_asks_anew_and_a_rejection_asks_for_what_its_state_needs()
    {
        stage.Do("AT-1", new CreateAtp("v2", Flow: "release"), "@dev");
        stage.Do("AT-1", new SettleApproval(stage.Atp("AT-1").Approvals[^1].Id, new DecideApproval(false)), "@pm");

        Assert.Equal("Shelved", stage.Atp("AT-1").Status);
        Assert.Equal((4, AtpApprovalStatus.Open), (stage.Atp("AT-1").Approvals[^1].Row, stage.Atp("AT-1").Approvals[^1].Status));
    }
}
