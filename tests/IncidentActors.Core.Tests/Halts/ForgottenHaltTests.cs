using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Halts;

/// <summary>An active halt reminds until it is lifted, with an incident or without.</summary>
public class ForgottenHaltTests
{
    private readonly Stage stage = new();

    [Fact]
    public void A_halt_without_an_incident_reminds_on_an_ATP_of_its_own_and_escalates_to_the_owner()
    {
        stage.Do("HLT-1", new RaiseHalt(HaltScope.All, "migration"), "@pm");
        stage.Pass(TimeSpan.FromHours(4));
        Assert.Equal(["@operator", "@pm"], Reminded());
        stage.Pass(TimeSpan.FromHours(1));
        Assert.Equal(["@jonny", "@operator", "@pm"], Reminded());
        var reminder = stage.Atp("AT-HLT-1");
        Assert.Equal((Handle.Operator, Priority.P0, false), (reminder.Owner, reminder.Priority, reminder.Finished));

        stage.Do("HLT-1", new LiftHalt(), "@operator");
        Assert.True(stage.Atp("AT-HLT-1").Finished);
        stage.Pass(TimeSpan.FromDays(3));
        Assert.Empty(Reminded());
    }

    [Fact]
    public void A_halt_of_an_ongoing_incident_reminds_on_the_incident()
    {
        var (incident, atp) = stage.Declared();
        stage.Do(incident, new AcknowledgeIncident(), "@pm");
        stage.Pass(TimeSpan.FromHours(4));
        Assert.Contains(stage.Events, one => one is { Actor: var actor, Event: MessageSent { To: "@pm" } sent }
            && actor == ActorId.Atp(atp) && sent.Subject.StartsWith("🛑 Still halted", StringComparison.Ordinal));
    }

    [Fact]
    public void A_halt_that_is_only_recorded_reminds_nobody()
    {
        stage.Do("HLT-1", new RaiseHalt(HaltScope.All, "drill", Mode: HaltMode.Shadow), "@operator");
        stage.Pass(TimeSpan.FromDays(3));
        Assert.Empty(stage.Events);
    }

    private IEnumerable<string> Reminded() =>
        stage.Sent().Where(sent => sent.Subject.StartsWith("🛑 Still halted", StringComparison.Ordinal))
            .Select(sent => sent.To).Order(StringComparer.Ordinal);
}
