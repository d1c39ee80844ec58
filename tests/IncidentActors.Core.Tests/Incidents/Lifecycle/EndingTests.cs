using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Incidents.Lifecycle;

/// <summary>Resolving and closing need what the flow needs to be over, and drive the work.</summary>
public class EndingTests
{
    [Fact]
    public void Two_calls_do_not_end_a_SEV_1_whose_fix_is_not_deployed()
    {
        var stage = Play.Emergency();
        var incident = stage.Atp("AT-EMRG-01").IncidentId!;
        stage.Refused(Rules.IncidentRole, incident, new ResolveIncident(Fix: "it", Verified: Play.Verified), "@dev");
        stage.Refused(Rules.IncidentFix, incident, new ResolveIncident(Fix: "it", Verified: Play.Verified), "@pm");
        stage.Refused(Rules.IncidentFix, incident, new ResolveIncident(NoFix: "N/A", Verified: Play.Verified), "@pm");
        stage.Refused(Rules.IncidentStatus, incident, new CloseIncident([.. Checklists.SuccessCriteria.Select(item => item.Id)]), "@pm");
    }

    [Fact]
    public void Resolving_a_deployed_fix_closes_its_ATP_with_a_report_queues_the_postmortem_and_lifts_the_halt()
    {
        var stage = Play.Emergency("Deployed");
        var incident = stage.Atp("AT-EMRG-01").IncidentId!;
        stage.Do(incident, new ResolveIncident("rolled back", Verified: Play.Verified), "@pm");

        var atp = stage.Atp("AT-EMRG-01");
        Assert.Equal(("Closed", IncidentStatus.Resolved), (atp.Status, stage.Incident(incident).Status));
        Assert.Equal("@pm", Assert.Single(atp.Artifacts, artifact => artifact.Type == "PMVerificationReport").By);
        Assert.Equal(stage.Now.AddHours(24), stage.Atp("AT-POST-01").DueAt);
        Assert.NotNull(stage.All<HaltState>().Single().LiftedAt);
        stage.Do(incident, new NoteIncident("the command of a person does not end its turn"), "@pm");
    }

    [Theory]
    [InlineData("emergency", "Closed", "postmortem")]
    [InlineData("hotfix", "Closed", "review")]
    [InlineData("critical-response", "Verified", null)]
    [InlineData("emergency-hotfix", "Stable", null)]
    [InlineData("standard", "Closed", "postmortem")]
    public void Without_a_fix_the_reason_is_kept_and_the_obligations_stay(string flow, string status, string? followUp)
    {
        var stage = new Stage();
        var (incident, atp) = stage.Declared(Play.Declare(severity: flow == "hotfix" ? Severity.Sev2 : Severity.Sev1) with { Flow = flow });
        stage.Do(incident, new ResolveIncident(NoFix: "the provider is back", Verified: Play.Verified), "@operator");

        Assert.Equal((status, "the provider is back"), (stage.Atp(atp).Status, stage.Incident(incident).NoFix));
        Assert.Equal(followUp, stage.All<AtpState>().Where(other => other.Id != atp).Select(other => other.Type).SingleOrDefault());
        Assert.DoesNotContain(stage.Clocks.Keys, clock => clock.Owner == ActorId.Incident(incident));
    }

    [Fact]
    public void The_owner_resolves_it_all_the_same_and_the_reason_is_recorded()
    {
        var stage = Play.Emergency();
        var incident = stage.Atp("AT-EMRG-01").IncidentId!;
        stage.Do(ActorId.Incident(incident), new ResolveIncident(), "@jonny", because: "I have seen it");

        Assert.Equal(IncidentStatus.Resolved, stage.Incident(incident).Status);
        Assert.Equal("I have seen it", stage.Events.Select(one => one.Event).OfType<IncidentOverridden>().Single().Reason);
        Assert.Contains(stage.All<AtpState>(), atp => atp.Type == "postmortem");
    }

    [Fact]
    public void A_critical_response_is_not_closed_before_its_postmortem_and_entry()
    {
        var stage = new Stage();
        var (incident, atp) = stage.Declared(Play.Declare() with { Flow = "critical-response" });
        stage.Do(incident, new ResolveIncident(NoFix: "the provider is back", Verified: Play.Verified), "@pm");
        var refused = stage.Refused(Rules.IncidentObligation, incident, new CloseIncident(OverrideReason: "drill"), "@pm");
        Assert.Contains($"{atp} is Verified and goes on to PostmortemDone", refused.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_incident_leaves_no_message_of_its_finished_work_but_the_news_of_it()
    {
        var stage = Play.Emergency("Closed");
        var incident = stage.Atp("AT-EMRG-01").IncidentId!;
        stage.Pass(TimeSpan.FromMinutes(1));
        stage.Do(new FetchInbox(), "@pm");
        stage.Do(incident, new CloseIncident(OverrideReason: "drill"), "@pm");

        var open = Assert.Single(stage.Atp("AT-EMRG-01").OpenMessages.Values);
        Assert.Equal((Handle.Operator, MessageType.HITLNotification), (open.To, open.Type));
    }
}
