using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Incidents.Lifecycle;

/// <summary>Raising to SEV-1 raises the work too, lowering takes it back, reopening begins again.</summary>
public class RaisedTests
{
    private readonly Stage stage = new();
    private readonly string incident;
    private readonly string first;

    public RaisedTests() => (incident, first) = stage.Declared(Play.Declare(severity: Severity.Sev3));

    private AtpState? Emergency => stage.All<AtpState>().SingleOrDefault(atp => atp.Flow == "emergency");

    [Fact]
    public void An_emergency_begins_with_directive_notification_halt_and_a_postmortem_in_the_end()
    {
        stage.Do(incident, new ChangeSeverity(Severity.Sev1, "all users now"), "@owen");

        Assert.Equal(("InProgress", first), (Emergency!.Status, Emergency.ParentAtpId));
        Assert.Single(stage.Sent(), sent => sent is { To: "@dev", Type: MessageType.EmergencyDirective });
        Assert.Single(stage.Sent(), sent => sent is { To: Handle.Operator, Type: MessageType.HITLNotification });
        Assert.Null(stage.All<HaltState>().Single().LiftedAt);
        Assert.True(stage.Incident(incident).Has("@dev"));
        stage.Do(incident, new ResolveIncident(NoFix: "over", Verified: Play.Verified), "@pm");
        Assert.Contains(stage.All<AtpState>(), atp => atp is { Type: "postmortem", Finished: false });
        Assert.True(stage.Atp(first).Finished);
    }

    [Fact]
    public void A_running_hotfix_is_taken_over_and_not_waited_for()
    {
        var (id, hotfix) = stage.Declared(Play.Declare("checkout", Severity.Sev2));
        stage.Do(id, new ChangeSeverity(Severity.Sev1, "all users now"), "@pm");
        var emergency = stage.All<AtpState>().Single(atp => atp.ParentAtpId == hotfix).Id;
        stage.Do(emergency, new HandOff("@pm", "fixed", "deploy", "tests"), "@dev");
        stage.Do(emergency, new SettleApproval(stage.Atp(emergency).Approvals[^1].Id, new DecideApproval(true)), "@pm");
        stage.Do(emergency, new ChangeStatus("Deployed"), "@sre");
        stage.Do(emergency, new CreateArtifact("PMVerificationReport", "report", "verified", Persist: "both"), "@pm");
        stage.Do(emergency, new CloseAtp(null), "@pm");

        Assert.Equal(IncidentStatus.Resolved, stage.Incident(id).Status);
        Assert.True(stage.Atp(hotfix).Canceled);
    }

    [Fact]
    public void A_critical_response_goes_on_and_its_owner_is_directed()
    {
        var (id, atp) = stage.Declared(Play.Declare("checkout", Severity.Sev2) with { Flow = "critical-response" });
        stage.Do(id, new ChangeSeverity(Severity.Sev1, "all users now"), "@pm");

        Assert.Equal([atp], stage.Incident(id).Atps.AsEnumerable());
        Assert.Single(stage.Sent(), sent => sent is { To: Handle.Operator, Type: MessageType.HITLNotification });
        Assert.Contains(stage.Sent(), sent => sent.To == "@dev");
    }

    [Fact]
    public void Lowered_it_is_what_it_was()
    {
        stage.Do(incident, new ChangeSeverity(Severity.Sev1, "all users now"), "@owen");
        stage.Do(incident, new ChangeSeverity(Severity.Sev3, "one user"), "@pm");

        Assert.True(Emergency!.Canceled);
        Assert.False(stage.Atp(first).Finished);
        Assert.NotNull(stage.All<HaltState>().Single().LiftedAt);
        Assert.DoesNotContain(Emergency.OpenMessages.Values, open => open.RequiresAck);
        Assert.Single(stage.Sent(), sent => sent is { To: Handle.Operator, Type: MessageType.HITLNotification });
        Assert.Contains(stage.Sent(), sent => sent.To == "@dev");
        Assert.DoesNotContain(stage.Clocks.Keys, clock => clock.Owner == ActorId.Atp(Emergency.Id));
    }

    [Fact]
    public void Reopened_people_are_told_clocks_run_work_begins_and_the_halt_is_offered()
    {
        var play = Play.Emergency("Closed");
        var id = play.Atp("AT-EMRG-01").IncidentId!;
        play.Pass(TimeSpan.FromMinutes(20));
        play.Do(id, new ReopenIncident("errors again"), "@dev");

        var sent = play.Sent().ToList();
        Assert.Single(sent, one => one is { To: Handle.Operator, Type: MessageType.HITLNotification });
        Assert.Contains(sent, one => one is { To: "@dev", Type: MessageType.EmergencyDirective });
        Assert.Contains(sent, one => one.To == "@sre" && one.Subject.StartsWith("Reopened", StringComparison.Ordinal));
        Assert.Contains(sent, one => one.To == "@pm" && one.Subject.StartsWith("🛑 Halt other work again", StringComparison.Ordinal));
        Assert.Equal(play.Now.AddMinutes(15), play.Clocks[(ActorId.Incident(id), "respond")].Due);
        Assert.True(play.Atp("AT-POST-01").Canceled);
        Assert.Contains(play.All<AtpState>(), atp => atp is { Flow: "emergency", Finished: false });
        play.Do(new FetchInbox(), "@pm");
        play.Refused(Rules.IncidentFix, id, new ResolveIncident(Fix: "it", Verified: Play.Verified), "@pm");
    }

    [Fact]
    public void A_critical_response_goes_back_before_its_verification()
    {
        var (id, atp) = stage.Declared(Play.Declare() with { Flow = "critical-response" });
        stage.Do(id, new ResolveIncident(NoFix: "over", Verified: Play.Verified), "@pm");
        stage.Do(id, new ReopenIncident("errors again"), "@pm");
        Assert.Equal("Deployed", stage.Atp(atp).Status);
    }
}
