using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Incidents;

/// <summary>Those on an incident work on it, its commander passes it on, and what they do stops its clocks.</summary>
public class OnTheIncidentTests
{
    private const string Assessment = "## What is broken\nCheckout\n## Users affected\nall\n## Since when\n14:23\n## What changed\ndeploy 2.4";

    private readonly Stage stage = new();
    private readonly string incident;
    private readonly string atp;

    public OnTheIncidentTests() => (incident, atp) = stage.Declared(Play.Declare(severity: Severity.Sev2));

    public static TheoryData<IncidentCommand> Work =>
        new(
            new AcknowledgeIncident(), new AssessIncident("search"), new MitigateIncident("rollback"), new CancelIncident("no"),
            new AddResponder("@qa", "scribe"));

    /// <summary>A responder works on it; ending it is its commander's.</summary>
    [Fact]
    public void A_responder_does_not_end_it()
    {
        stage.Refused(Rules.IncidentRole, incident, new ResolveIncident(NoFix: "the provider is back", Verified: Play.Verified), "@dev");
        stage.Refused(Rules.IncidentRole, incident, new CancelIncident("false alarm"), "@dev");
        stage.Do(incident, new ResolveIncident(NoFix: "the provider is back", Verified: Play.Verified), "@pm");
        stage.Refused(Rules.IncidentRole, incident, new CloseIncident(OverrideReason: "enough"), "@dev");
    }

    [Theory, MemberData(nameof(Work))]
    public void A_stranger_does_not_work_on_it(IncidentCommand command)
    {
        stage.Refused(Rules.IncidentRole, incident, command, "@luna");
        stage.Do(incident, command, "@operator");
    }

    /// <summary>Seed 002, roles: @DEVOPS handles deployments and manages the response.</summary>
    [Fact]
    public void Who_takes_a_row_of_the_response_is_on_it()
    {
        var (emergency, fix) = stage.Declared(Play.Declare(title: "Checkout is down", severity: Severity.Sev1) with { Flow = "critical-response" });
        stage.Refused(Rules.IncidentRole, emergency, new MitigateIncident("rollback"), "@devops");
        stage.Do(fix, new CreateArtifact("Assessment", "a", Assessment), "@dev");
        stage.Do(fix, new ChangeStatus("Assessed"), "@dev");
        stage.Do(fix, new ChangeStatus("Mitigated"), "@devops");
        Assert.Equal("sre", Assert.Single(stage.Incident(emergency).Responders, one => one.Handle == "@devops").Role);
        stage.Do(emergency, new NoteIncident("The graphs look fine"), "@devops");
        Assert.Single(stage.Incident(emergency).Responders, one => one.Handle == "@dev");
    }

    [Fact]
    public void A_stranger_neither_resolves_nor_reopens_nor_closes_it()
    {
        stage.Refused(Rules.IncidentRole, incident, new ResolveIncident(NoFix: "the provider is back", Verified: Play.Verified), "@luna");
        stage.Do(incident, new ResolveIncident(NoFix: "the provider is back", Verified: Play.Verified), "@pm");
        stage.Refused(Rules.IncidentRole, incident, new ReopenIncident("again"), "@luna");
        stage.Refused(Rules.IncidentRole, incident, new CloseIncident(OverrideReason: "enough"), "@luna");
        stage.Do(incident, new ReopenIncident("again"), "@owen");
    }

    [Fact]
    public void Only_the_commander_passes_the_command_on_to_somebody_who_is_on_it_from_then_on()
    {
        stage.Refused(Rules.IncidentRole, incident, new ChangeCommander("@qa"), "@owen");
        stage.Refused(Rules.AgentUnknown, incident, new ChangeCommander("@nobody"), "@pm");
        stage.Refused(Rules.AgentUnknown, incident, new AddResponder("@nobody", "scribe"), "@pm");
        stage.Do(incident, new ChangeCommander("@qa"), "@pm");
        Assert.Equal("@qa", stage.Incident(incident).Commander);
        stage.Do(incident, new NoteIncident("mine now"), "@qa");
        stage.Do(incident, new ChangeSeverity(Severity.Sev3), "@qa");
        Assert.Single(stage.Incident(incident).Responders, responder => responder.Handle == "@qa");
    }

    [Fact]
    public void Acknowledging_a_directive_acknowledges_for_those_on_it_only()
    {
        stage.Do(atp, new SendMessage("@luna", MessageType.Directive, null, "look", "please"), "@pm");
        stage.Do(atp, new AcknowledgeMessage(stage.Atp(atp).MessageCount), "@luna");
        Assert.Null(stage.Incident(incident).AcknowledgedAt);
        stage.Do(atp, new SendMessage("@owen", MessageType.Directive, null, "look", "please"), "@pm");
        stage.Do(atp, new AcknowledgeMessage(stage.Atp(atp).MessageCount), "@owen");
        Assert.Equal(stage.Now, stage.Incident(incident).AcknowledgedAt);
    }

    [Fact]
    public void The_assessment_is_timed_until_all_four_questions_are_answered()
    {
        stage.Do(incident, new AssessIncident("search", "all users"), "@owen");
        Assert.Contains(stage.Clocks.Keys, clock => clock.Name == IncidentDecider.AssessClock);
        Assert.DoesNotContain(stage.Clocks.Keys, clock => clock.Name == IncidentDecider.RespondClock);
        stage.Do(incident, new AssessIncident(Since: "14:02", Changed: "a deployment"), "@owen");
        Assert.DoesNotContain(stage.Clocks.Keys, clock => clock.Name == IncidentDecider.AssessClock);
        Assert.Equal("search", stage.Incident(incident).Assessment!.Broken);
    }

    [Fact]
    public void A_mitigation_is_of_the_matrix_or_one_of_its_actions()
    {
        stage.Refused(Rules.ArgumentMissing, incident, new MitigateIncident(), "@owen");
        Assert.Contains("bad-deployment", stage.Refused(Rules.ArgumentMissing, incident, new MitigateIncident(Scenario: "magic"), "@owen").Allowed);
        Assert.Contains("rollback", stage.Refused(Rules.ArgumentMalformed, incident, new MitigateIncident("pray"), "@owen").Allowed);
    }

    /// <summary>A clock may ring while what stops it is being committed.</summary>
    [Theory]
    [InlineData(IncidentDecider.RespondClock)]
    [InlineData(IncidentDecider.AssessClock)]
    [InlineData(IncidentDecider.MitigationClock)]
    public void One_that_rings_after_the_end_changes_nothing(string clock)
    {
        stage.Do(incident, new MitigateIncident("rollback"), "@owen");
        stage.Do(incident, new CancelIncident("false alarm"), "@pm");
        Assert.Empty(stage.Do(incident, new IncidentTimeIsUp(clock), Handle.System).Changes);
    }
}
