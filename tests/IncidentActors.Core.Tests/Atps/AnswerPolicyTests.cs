using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>Teams that do not acknowledge: clocks run until the recipient acts, with more time, and acknowledgements reach nobody.</summary>
public class AnswerPolicyTests
{
    private readonly Stage stage = new() { Policy = new Policy { AnswerBy = AnswerPolicy.Acting } };

    public AnswerPolicyTests() => stage.Create("8");

    [Fact]
    public void A_clock_runs_until_the_recipient_acts()
    {
        stage.Do("8", Send("@dev", MessageType.Directive, Priority.P1), "@pm");
        stage.Pass(TimeSpan.FromHours(3));
        Assert.Single(stage.Atp("8").OpenMessages);
        stage.Do("8", new CreateArtifact("TestReport", "Tests", "green"), "@dev");
        Assert.Empty(stage.Atp("8").OpenMessages);
        stage.Pass(TimeSpan.FromHours(2));
        Assert.DoesNotContain(stage.Events, one => one.Event is MessageOverdue);
    }

    [Fact]
    public void Who_does_not_act_in_time_is_escalated()
    {
        stage.Do("8", Send("@dev", MessageType.Directive, Priority.P1), "@pm");
        stage.Pass(TimeSpan.FromHours(4));
        Assert.Contains(stage.Events, one => one.Event is MessageSent { Subject: "Not acted on: msg-8-1 to @dev" });
    }

    [Fact]
    public void An_acknowledgement_is_warned_of_and_asks_nobody_for_anything()
    {
        stage.Do("8", Send("@dev", MessageType.Directive, Priority.P1), "@pm");
        var answer = stage.Do("8", Send("@pm", MessageType.Acknowledgment, Priority.P3), "@dev");
        Assert.Contains("not used", Assert.Single(answer.Warnings), StringComparison.Ordinal);
        Assert.DoesNotContain(stage.Atp("8").OpenMessages.Values, open => open.To == "@pm");
        Assert.Contains("not used", Assert.Single(stage.Do("8", new AcknowledgeMessage(1), "@dev").Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Emergencies_are_still_acknowledged()
    {
        stage.Do("AT-EMRG-01", new SetAtp("InProgress", Notes: "SEV-1: down"), "@pm");
        stage.Do("AT-EMRG-01", Send("@dev", MessageType.EmergencyDirective, Priority.P0), "@pm");
        stage.Pass(TimeSpan.FromMinutes(5));
        Assert.Contains(stage.Events, one => one.Event is MessageOverdue);
    }

    private static SendMessage Send(string to, MessageType type, Priority priority) => new(to, type, priority, "About it", "Text");
}
