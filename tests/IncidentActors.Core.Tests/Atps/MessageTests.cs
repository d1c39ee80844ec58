using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>What may be sent, acknowledged and handed off, and what escalates.</summary>
public class MessageTests
{
    private readonly Stage stage = new();

    public MessageTests() => stage.Create("AT-1", owner: "@dev");

    [Fact]
    public void Nobody_acknowledges_somebody_elses_message()
    {
        stage.Do("AT-1", Directive("@dev"), "@pm");
        stage.Refused(Rules.MessageForeign, "AT-1", new AcknowledgeMessage(1), "@qa");
        stage.Do("AT-1", new AcknowledgeMessage(1, "on it"), "@dev");
        stage.Refused(Rules.MessageAcked, "AT-1", new AcknowledgeMessage(1), "@dev");
        stage.Refused(Rules.MessageUnknown, "AT-1", new AcknowledgeMessage(2), "@dev");
    }

    [Fact]
    public void A_message_goes_to_somebody_else_who_is_known()
    {
        stage.Refused(Rules.MessageToSelf, "AT-1", Directive("@pm"), "@pm");
        stage.Refused(Rules.AgentUnknown, "AT-1", Directive("@nobody"), "@pm");
        stage.Refused(Rules.AtpUnknown, "AT-2", Directive("@dev"), "@pm");
    }

    [Fact]
    public void An_ATP_takes_no_more_messages_than_somebody_can_acknowledge()
    {
        var busy = new Stage { Policy = new Policy { OpenMessagesPerAtp = 3 } };
        busy.Create("AT-1", owner: "@dev");
        while (busy.Atp("AT-1").OpenMessages.Count < 3) busy.Do("AT-1", Directive("@qa"), "@pm");
        busy.Refused(Rules.MessageBacklog, "AT-1", Directive("@qa"), "@pm");
        busy.Do("AT-1", new AcknowledgeMessage(busy.Atp("AT-1").MessageCount), "@qa");
        busy.Do("AT-1", Directive("@qa"), "@pm");
    }

    [Fact]
    public void A_handoff_has_its_three_sections()
    {
        stage.Do("AT-1", Play.Set("InProgress"), "@dev");
        var rejected = stage.Refused(Rules.HandoffSections, "AT-1", new HandOff("@pm", "done", " ", ""), "@dev");
        Assert.Equal(["pendingWork", "evidence"], rejected.Allowed.AsEnumerable());
        stage.Refused(
            Rules.HandoffSections,
            "AT-1",
            new SendMessage("@pm", MessageType.Handoff, null, "Handoff", "### Completed Work\n- x\n### Evidence\n", false),
            "@dev");
        stage.Do("AT-1", new SendMessage("@pm", MessageType.Handoff, null, "Handoff", Play.Fix, false), "@dev");
        Assert.Equal(("Complete", "@pm"), (stage.Atp("AT-1").Status, stage.Atp("AT-1").Owner));
    }

    [Fact]
    public void Only_its_owner_passes_work_on()
    {
        stage.Do("AT-1", Play.Set("InProgress"), "@dev");
        stage.Refused(Rules.AtpTransitionRole, "AT-1", new HandOff("@pm", "done", "rest", "tests"), "@qa");
    }

    [Fact]
    public void An_unacknowledged_P0_directive_escalates_step_by_step()
    {
        var (incident, atp) = stage.Declared(Play.Declare(category: IncidentCategory.Security));
        var number = stage.Atp(atp).OpenMessages.Single(open => open.Value.Type == MessageType.EmergencyDirective).Key;
        stage.Do(incident, new AcknowledgeIncident(), "@pm");

        Assert.Equal(["@pm", "@marcus", "@jonny", "@luna", "@operator"], Enumerable.Range(0, 5).Select(_ => Told(atp, number, 5)));
        Assert.Equal("@operator", Told(atp, number, 60));
        stage.Do(atp, new AcknowledgeMessage(number), "@dev");
        stage.Pass(TimeSpan.FromHours(3));
        Assert.DoesNotContain(stage.Events, happened => happened.Event is MessageOverdue);
    }

    [Fact]
    public void It_escalates_also_when_everybody_in_the_chain_is_its_recipient()
    {
        var (incident, atp) = stage.Declared(Play.Declare(severity: Severity.Sev3, category: IncidentCategory.Compliance));
        stage.Do(incident, new ChangeCommander("@operator"), "@pm");
        stage.Do(atp, new SendMessage("@operator", MessageType.Blocker, Priority.P0, "stuck", "help", true), "@pm");
        Assert.Equal("@operator", Told(atp, stage.Atp(atp).MessageCount, 5));
    }

    private string Told(string atp, int number, int minutes)
    {
        stage.Pass(TimeSpan.FromMinutes(minutes));
        return stage.Events.Where(happened => happened.Actor.Key == atp).Select(happened => happened.Event)
            .OfType<MessageOverdue>().Last(overdue => overdue.Number == number).Told;
    }

    private static SendMessage Directive(string to) => new(to, MessageType.Directive, null, "Tidy", "up", null);
}
