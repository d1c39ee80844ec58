using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Incidents;

/// <summary>The way from declared to closed, and what leads back.</summary>
public class StatusTests
{
    private readonly Stage stage = new();
    private readonly string incident;

    public StatusTests() => incident = stage.Declared(Play.Declare(severity: Severity.Sev2)).Incident;

    private IncidentState State => stage.Incident(incident);

    [Fact]
    public void Every_step_leaves_its_time()
    {
        foreach (var command in new IncidentCommand[]
        {
            new AcknowledgeIncident(),
            new AssessIncident("checkout", "all", "03:00", "config", ["monitoring"]),
            new MitigateIncident(Scenario: "bad-deployment"),
            new MitigateIncident(Done: true), Resolve(), new CloseIncident(OverrideReason: "the entry follows"),
        })
        {
            stage.Pass(TimeSpan.FromMinutes(1));
            stage.Do(incident, command, "@pm");
        }

        var minutes = new[]
        {
            State.AcknowledgedAt, State.MitigatedAt, State.ResolvedAt, State.ClosedAt,
        }.Select(at => (at - State.DeclaredAt)!.Value.TotalMinutes);
        Assert.Equal([1, 4, 5, 6], minutes);
        Assert.Equal(("rollback", 2), (State.Mitigations[0].Action, State.Mitigations[0].ExpectedMinutes));
        Assert.Equal(IncidentStatus.Closed, State.Status);
    }

    [Fact]
    public void Mitigated_is_not_resolved()
    {
        stage.Do(incident, new MitigateIncident("rollback", Done: true), "@pm");
        Assert.Equal((IncidentStatus.Monitoring, null), (State.Status, State.ResolvedAt));
        var open = new ResolveIncident(Verified: ["error-rate", "user-reports", "no-new-issues"]);
        Assert.Equal(["metrics"], stage.Refused(Rules.IncidentChecklist, incident, open, "@pm").Allowed.AsEnumerable());
        stage.Refused(Rules.ArgumentMalformed, incident, new ResolveIncident(Verified: ["vibes"]), "@pm");
    }

    [Fact]
    public void A_resolved_incident_is_reopened_and_a_closed_one_is_not()
    {
        stage.Refused(Rules.IncidentStatus, incident, new ReopenIncident("x"), "@pm");
        stage.Do(incident, Resolve(), "@pm");
        stage.Do(incident, new ReopenIncident("errors again"), "@pm");
        Assert.Equal((IncidentStatus.Assessing, null), (State.Status, State.ResolvedAt));
        stage.Refused(Rules.IncidentFix, incident, new ResolveIncident(Fix: "it", Verified: Play.Verified), "@pm");
        stage.Do(incident, Resolve(), "@pm");
        stage.Do(incident, new CloseIncident(OverrideReason: "drill"), "@pm");
        Assert.Contains("new incident", stage.Refused(Rules.IncidentStatus, incident, new ReopenIncident("x"), "@pm").Sentence, StringComparison.Ordinal);
        stage.Do(incident, new NoteIncident("for the record"), "@pm");
    }

    [Fact]
    public void Closing_needs_eight_boxes_or_a_reason_that_is_kept()
    {
        stage.Refused(Rules.IncidentStatus, incident, new CloseIncident(OverrideReason: "x"), "@pm");
        stage.Do(incident, Resolve(), "@pm");
        Assert.Equal(
            ["service-restored", "root-cause", "monitoring-stable", "stakeholders-notified", "kb-entry", "action-items"],
            stage.Refused(Rules.IncidentChecklist, incident, new CloseIncident(OverrideReason: "TBD"), "@pm").Allowed.AsEnumerable());
        stage.Do(incident, new CloseIncident(["root-cause"], "drill"), "@pm");
        var closed = stage.Events.Select(happened => happened.Event).OfType<IncidentClosed>().Single();
        Assert.Equal((5, "drill"), (closed.Skipped.Length, closed.OverrideReason));
    }

    /// <summary>What the system sees for itself nobody has to claim, and nobody can claim otherwise.</summary>
    [Fact]
    public void A_knowledge_entry_that_is_not_there_is_not_claimed()
    {
        stage.Do(incident, Resolve(), "@pm");
        var claimed = new CloseIncident([.. Checklists.SuccessCriteria.Select(item => item.Id)]);
        var refused = stage.Refused(Rules.IncidentChecklist, incident, claimed, "@pm");
        Assert.Contains("Claimed, but not so: kb-entry", refused.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_false_alarm_is_canceled_by_those_on_it_and_its_clocks_stop()
    {
        stage.Refused(Rules.IncidentRole, incident, new CancelIncident("x"), "@luna");
        stage.Do(incident, new CancelIncident("false alarm"), "@pm");
        Assert.DoesNotContain(stage.Clocks.Keys, clock => clock.Owner == ActorId.Incident(incident));
        stage.Refused(Rules.IncidentClosed, incident, new AcknowledgeIncident(), "@pm");
    }

    [Fact]
    public void Nobody_acknowledges_and_the_chain_is_told_step_by_step()
    {
        var told = new List<string>();
        stage.Recorded = (_, happened) => told.AddRange(happened.Event is IncidentOverdue { Clock: "respond" } overdue ? overdue.Told : []);
        stage.Pass(TimeSpan.FromMinutes(30));
        Assert.Equal(["@marcus"], told);
        stage.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(["@marcus", "@jonny", "@operator"], told);
        stage.Do(incident, new AcknowledgeIncident(), "@owen");
        stage.Pass(TimeSpan.FromHours(3));
        Assert.Equal(3, told.Count);
    }

    [Fact]
    public void A_financial_error_tells_the_whole_chain_at_once()
    {
        var (id, _) = stage.Declared(Play.Declare("ledger wrong", Severity.Sev2, IncidentCategory.Financial));
        var told = new List<string>();
        stage.Recorded = (actor, happened) =>
            told.AddRange(actor.Key == id && happened.Event is IncidentOverdue { Clock: "respond" } overdue ? overdue.Told : []);
        stage.Pass(TimeSpan.FromMinutes(30));
        Assert.Equal(["@marcus", "@jonny", "@operator"], told);
    }

    [Fact]
    public void A_mitigation_that_follows_another_is_finished_by_the_flow_too()
    {
        var play = Play.Emergency("Complete");
        var id = play.Atp("AT-EMRG-01").IncidentId!;
        play.Do(id, new MitigateIncident("rollback", Done: true), "@pm");
        var first = play.Incident(id).MitigatedAt;
        play.Pass(TimeSpan.FromMinutes(1));
        play.Do(id, new MitigateIncident("scale-up", ExpectedMinutes: 5), "@pm");
        play.Do("AT-EMRG-01", new SettleApproval(play.Atp("AT-EMRG-01").Approvals[^1].Id, new DecideApproval(true)), "@pm");
        play.Do("AT-EMRG-01", new ChangeStatus("Deployed"), "@sre");

        var after = play.Incident(id);
        Assert.Equal((IncidentStatus.Monitoring, first), (after.Status, after.MitigatedAt));
        Assert.All(after.Mitigations, mitigation => Assert.NotNull(mitigation.DoneAt));
        Assert.DoesNotContain((ActorId.Incident(id), "mitigation"), play.Clocks.Keys);
    }

    private static ResolveIncident Resolve() => new(null, "all users", "rolled back", Play.Verified, "the deployment before it is back");

    /// <summary>Seed 000 has no way back from Deployed: what did not help is followed by another ATP, and until that is closed nothing is resolved.</summary>
    [Fact]
    public void An_incident_is_not_resolved_while_another_urgent_ATP_of_it_is_open()
    {
        var play = Play.Emergency("Deployed");
        var id = play.Atp("AT-EMRG-01").IncidentId!;
        play.Do("AT-HOTFIX-02", new CreateAtp("Another fix", Flow: "hotfix", IncidentId: id), "@pm");
        Close("AT-EMRG-01");
        Assert.True(play.Atp("AT-EMRG-01").Finished);
        Assert.Equal(IncidentStatus.Monitoring, play.Incident(id).Status);

        play.Do(new FetchInbox(), "@pm");
        play.Do("AT-HOTFIX-02", new HandOff("@pm", "fixed otherwise", "verify", "tests"), "@dev");
        Close("AT-HOTFIX-02");
        Assert.Equal(IncidentStatus.Resolved, play.Incident(id).Status);

        void Close(string atp)
        {
            play.Do(atp, new CreateArtifact("PMVerificationReport", "report", "verified", Persist: "both"), "@pm");
            play.Do(atp, new CloseAtp(null), "@pm");
        }
    }
}
