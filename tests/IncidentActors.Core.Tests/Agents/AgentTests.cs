using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Core.Tests.Agents;

public class AgentTests
{
    private readonly Stage stage = new();

    [Fact]
    public void Registering_again_changes_nothing_and_other_roles_are_refused()
    {
        stage.Do(new RegisterAgent(["dev"], "blue"), "@ada");
        Assert.Empty(stage.Do(new RegisterAgent(["dev"], "blue"), "@ada").Changes);
        stage.Refused(Rules.AgentReserved, ActorId.Agent("@ada"), new RegisterAgent(["owner"], "blue"), "@ada");
    }

    [Fact]
    public void An_inbox_belongs_to_a_known_agent() =>
        stage.Refused(Rules.AgentUnknown, ActorId.Agent("@ada"), new FetchInbox(), "@ada");

    [Fact]
    public void Fetching_confirms_a_halt_and_after_the_lift_gives_back_what_was_set_aside()
    {
        stage.Do(new RegisterAgent(["dev"], null), "@ada");
        stage.Create("AT-1", by: "@ada", owner: "@ada");
        stage.Pass(TimeSpan.FromMinutes(1));
        stage.Create("AT-2", by: "@ada", owner: "@ada");
        stage.Do("HLT-1", new RaiseHalt(HaltScope.All, "drill"), "@operator");
        stage.Do(new FetchInbox(), "@ada");
        Assert.Equal(["AT-1", "AT-2"], stage.Agent("@ada").ConfirmedHalts["HLT-1"].SetAside.AsEnumerable());
        Assert.Empty(stage.Do(new FetchInbox(), "@ada").Changes);
        stage.Do("HLT-1", new LiftHalt(), "@operator");
        stage.Do(new FetchInbox(), "@ada");
        Assert.Equal(["AT-1", "AT-2"], Assert.IsType<AgentResumed>(Assert.Single(stage.Events).Event).Resumed.AsEnumerable());
        Assert.Empty(stage.Agent("@ada").ConfirmedHalts);
    }

    [Fact]
    public void A_listed_agents_first_call_may_be_that_it_knows_of_a_halt()
    {
        stage.Do("HLT-1", new RaiseHalt(HaltScope.All, "drill"), "@operator");
        var decision = stage.Decide(ActorId.Agent("@qa"), new AcknowledgeHalt("HLT-1"), "@qa");
        Assert.IsType<AgentHaltConfirmed>(Assert.Single(Assert.Single(decision.Changes).Events));
        stage.Refused(Rules.HaltUnknown, ActorId.Agent("@qa"), new AcknowledgeHalt("HLT-2"), "@qa");
    }
}
