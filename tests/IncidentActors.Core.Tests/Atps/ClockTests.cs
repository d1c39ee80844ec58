using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>A clock that rings says what is late, and nothing when that has been done meanwhile.</summary>
public class ClockTests
{
    private const string Timed = """
        name: timed
        version: 1
        title: Timed work
        states:
          - { name: Ready }
          - { name: Begun }
          - { name: Done, terminal: true }
        rows:
          - { number: 1, from: (new), to: Ready, trigger: Made, role: any, tools: [atp_create] }
          - { number: 2, from: Ready, to: Begun, trigger: Begun, role: any, tools: [atp_set], within: 10m }
          - { number: 3, from: Begun, to: Ready, trigger: Put back, role: any, tools: [atp_set] }
          - { number: 4, from: Begun, to: Done, trigger: Done, role: any, tools: [atp_set] }
        """;

    private readonly Stage stage = new() { Flows = Loaded() };

    public ClockTests() => stage.Do("AT-1", new CreateAtp("A thing", Flow: "timed", Owner: "@dev"), "@dev");

    [Fact]
    public void A_state_that_is_not_left_in_time_is_told_of_once()
    {
        stage.Pass(TimeSpan.FromMinutes(9));
        Assert.Empty(stage.Sent());
        stage.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["@pm", "@operator"], stage.Sent().Where(sent => sent.Type == MessageType.Escalation).Select(sent => sent.To));
        stage.Pass(TimeSpan.FromHours(2));
        Assert.Empty(stage.Sent());
    }

    [Fact]
    public void Leaving_it_stops_its_clock_and_coming_back_starts_it_anew()
    {
        stage.Pass(TimeSpan.FromMinutes(9));
        stage.Do("AT-1", Play.Set("Begun"), "@dev");
        stage.Pass(TimeSpan.FromMinutes(5));
        Assert.Empty(stage.Sent());
        stage.Do("AT-1", Play.Set("Ready"), "@dev");
        stage.Pass(TimeSpan.FromMinutes(9));
        Assert.Empty(stage.Sent());
        stage.Pass(TimeSpan.FromMinutes(1));
        Assert.NotEmpty(stage.Sent());
    }

    /// <summary>A clock may ring while what stops it is being committed.</summary>
    [Theory]
    [InlineData("within:Ready")]
    [InlineData("due")]
    [InlineData("owed:1.1")]
    [InlineData("ack:7")]
    public void One_that_rings_too_late_changes_nothing(string clock)
    {
        stage.Do("AT-1", Play.Set("Begun"), "@dev");
        stage.Do("AT-1", Play.Set("Done"), "@dev");
        Assert.Empty(stage.Do("AT-1", new AtpTimeIsUp(clock), Handle.System).Changes);
    }

    [Fact]
    public void An_ATP_of_an_incident_that_is_over_is_not_begun()
    {
        var (incident, _) = stage.Declared(Play.Declare(severity: Severity.Sev3));
        stage.Do(incident, new CancelIncident("false alarm"), "@pm");
        stage.Refused(Rules.IncidentClosed, "AT-2", new CreateAtp("too late", Flow: "standard", IncidentId: incident), "@dev");
    }

    private static FlowSet Loaded()
    {
        var (set, problems) = FlowSet.Shipped.Load([new FlowFile("timed.yaml", Timed)]);
        Assert.Empty(problems);
        return set;
    }
}
