using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Incidents;

/// <summary>An assessment counts for the incident and for its flow, wherever it is given.</summary>
public class AssessedOnceTests
{
    private const string Text = "## What is broken\nAll requests\n## Users affected\nall\n## Since when\n02:40\n## What changed\na deployment";

    private readonly Stage stage = new();
    private readonly string incident;
    private readonly string atp;

    public AssessedOnceTests() => (incident, atp) = stage.Declared(Play.Declare() with { Flow = "critical-response" });

    [Fact]
    public void Given_on_the_work_it_is_the_incident_s()
    {
        stage.Do(atp, new CreateArtifact("Assessment", "assessment", Text), "@dev");
        var state = stage.Incident(incident);
        Assert.Equal((IncidentStatus.Assessing, true), (state.Status, state.Assessment?.Complete));
        Assert.NotNull(state.AcknowledgedAt);
        Assert.DoesNotContain((ActorId.Incident(incident), IncidentDecider.AssessClock), stage.Clocks.Keys);
    }

    [Fact]
    public void Given_to_the_incident_the_work_goes_on()
    {
        stage.Do(incident, new AssessIncident("All requests", "all", "02:40", "a deployment"), "@dev");
        Assert.Equal("Assessed", stage.Atp(atp).Status);
    }

    [Theory]
    [InlineData("02:40", 20)]
    [InlineData("2026-11-21 02:30", 30)]
    [InlineData("2026-11-21T02:00:00Z", 60)]
    [InlineData("23:00", 240)]
    [InlineData("this morning", 0)]
    public void Since_when_is_the_first_sign_that_the_time_to_detect_counts_from(string since, int minutes)
    {
        stage.Do(incident, new AssessIncident("All requests", "all", since, "a deployment"), "@dev");
        var state = stage.Incident(incident);
        Assert.Equal(minutes, (state.DetectedAt - state.StartedAt).TotalMinutes);
    }

    [Fact]
    public void A_mitigation_of_another_kind_says_what_it_is()
    {
        stage.Do(incident, new MitigateIncident("rate-limit", ExpectedMinutes: 5), "@dev");
        stage.Refused(Rules.ArgumentMissing, incident, new MitigateIncident("other"), "@dev");
        stage.Do(incident, new MitigateIncident("other", Notes: "search switched off"), "@dev");
    }
}
