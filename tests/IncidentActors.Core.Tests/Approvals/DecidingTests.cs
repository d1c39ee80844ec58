using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Tests.Approvals;

/// <summary>Who decides an approval, and by which of its options.</summary>
public class DecidingTests
{
    private readonly Stage stage = new() { Flows = ReleaseFlow.Loaded() };

    [Fact]
    public void Whoever_asked_does_not_decide_and_the_operator_does_for_any_role()
    {
        stage.Do("AT-1", new CreateAtp("v2", Flow: "release"), "@pm");
        stage.Refused(Rules.ApprovalOwn, "AT-1", Decide("AT-1", true), "@pm");
        stage.Do("AT-1", Decide("AT-1", true), "@operator");
        Assert.Equal("@operator", stage.Atp("AT-1").Approvals[^1].DecidedBy);
    }

    [Fact]
    public void The_second_handle_of_the_person_who_asked_does_not_decide_either()
    {
        var shipped = RosterYaml.Shipped();
        RosterMember[] alices = [new("@alice-bot", null, ["dev"], null, null, Of: "@alice"), new("@alice", null, ["pm"], null, null, Person: true)];
        var team = new Stage { Flows = ReleaseFlow.Loaded(), Roster = new Roster(shipped.Members.AddRange(alices), shipped.Duties) };
        team.Do("AT-1", new CreateAtp("v2", Flow: "release"), "@alice-bot");
        var decide = new SettleApproval(team.Atp("AT-1").Approvals[^1].Id, new DecideApproval(true));
        team.Refused(Rules.ApprovalOwn, "AT-1", decide, "@alice");
        team.Do("AT-1", decide, "@pm");
        Assert.Equal("@pm", team.Atp("AT-1").Approvals[^1].DecidedBy);
    }

    [Fact]
    public void An_option_is_one_of_those_that_decide_so()
    {
        stage.Do("AT-1", new CreateAtp("v2", Flow: "release"), "@dev");
        var refused = stage.Refused(Rules.ApprovalOption, "AT-1", Decide("AT-1", true, "reject"), "@pm");
        Assert.Equal(["approve"], refused.Allowed.AsEnumerable());
        stage.Refused(Rules.ApprovalOption, "AT-1", Decide("AT-1", false, "maybe"), "@pm");
        stage.Do("AT-1", Decide("AT-1", false, "reject"), "@pm");
    }

    [Fact]
    public void An_approval_is_decided_on_its_own_ATP_once()
    {
        stage.Do("AT-1", new CreateAtp("v2", Flow: "release"), "@dev");
        stage.Do("AT-2", new CreateAtp("v3", Flow: "release"), "@dev");
        stage.Refused(Rules.ApprovalUnknown, "AT-2", Decide("AT-1", true), "@pm");
        stage.Refused(Rules.ApprovalUnknown, "AT-2", new SettleApproval("APR-0", new DecideApproval(true)), "@pm");
        stage.Do("AT-1", Decide("AT-1", true), "@pm");
        stage.Refused(Rules.ApprovalDecided, "AT-1", Decide("AT-1", false), "@pm");
    }

    [Fact]
    public void Nobody_decides_in_time_and_each_reminder_waits_a_step_longer()
    {
        stage.Do("AT-1", new CreateAtp("v2", Flow: "release"), "@dev");
        var asked = stage.Atp("AT-1").Approvals[^1].Id;
        stage.Pass(TimeSpan.FromMinutes(15));
        Assert.Equal(1, stage.Approval(asked).TimesOverdue);
        stage.Pass(stage.Policy.EscalationStep);
        Assert.Equal(2, stage.Approval(asked).TimesOverdue);
        stage.Pass(stage.Policy.EscalationStep);
        Assert.Equal(2, stage.Approval(asked).TimesOverdue);
        stage.Pass(stage.Policy.EscalationStep);
        Assert.Equal(3, stage.Approval(asked).TimesOverdue);
        Assert.Equal(ApprovalStatus.Open, stage.Approval(asked).Status);
    }

    private SettleApproval Decide(string atp, bool approve, string? option = null) =>
        new(stage.Atp(atp).Approvals[^1].Id, new DecideApproval(approve, option));
}
