using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>Orders are sent in time, are void with their reason, and acting on one acknowledges it.</summary>
public class OrdersTests
{
    [Fact]
    public void A_rollback_is_ordered_at_once_and_not_once_more_when_another_fix_is_under_way()
    {
        var (stage, atp) = UpToFixApplied();
        stage.Do(atp, new CreateArtifact("TestReport", "tests", "critical ones", "failed"), "@test-manager");
        Assert.Single(stage.Sent(), sent => sent.To == "@fix" && sent.Subject.StartsWith("Roll back", StringComparison.Ordinal));

        stage.Do(atp, new CreateArtifact("RollbackRecord", "rolled back", "## What failed\nthe test"), "@fix");
        stage.Do(atp, new ChangeStatus("Escalated"), "@fix");
        Assert.DoesNotContain(stage.Atp(atp).OpenMessages.Values, open => open is { To: "@fix", RequiresAck: true });
        stage.Pass(TimeSpan.FromHours(1));
        Assert.DoesNotContain(stage.Sent(), sent => sent.To == "@fix" && sent.Subject.StartsWith("Roll back", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_row_owes_and_nobody_has_sent_is_not_sent_when_the_work_has_gone_on()
    {
        var stage = Play.Emergency("Complete");
        stage.Pass(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(stage.Sent(), sent => sent.Type == MessageType.EmergencyDirective);
        Assert.Contains(stage.Sent(), sent => sent.To == Handle.Operator);
    }

    [Fact]
    public void Handing_over_acknowledges_the_directive_its_row_and_the_incident()
    {
        var stage = Play.Emergency();
        stage.Pass(TimeSpan.FromSeconds(31));
        stage.Do("AT-EMRG-01", new HandOff("@pm", "fixed", "deploy", "tests"), "@dev");

        Assert.Equal([1, 2, 3], stage.Atp("AT-EMRG-01").History.Select(entry => entry.Row));
        Assert.NotNull(stage.Incident(stage.Atp("AT-EMRG-01").IncidentId!).AcknowledgedAt);
        Assert.DoesNotContain(stage.Atp("AT-EMRG-01").OpenMessages.Values, open => open is { To: "@dev", RequiresAck: true });
    }

    [Fact]
    public void A_decided_approval_leaves_the_inbox()
    {
        var stage = Play.Emergency("Complete");
        Assert.Contains(stage.Atp("AT-EMRG-01").OpenMessages.Values, open => open.About is not null);
        stage.Do("AT-EMRG-01", new SettleApproval(stage.Atp("AT-EMRG-01").Approvals[^1].Id, new DecideApproval(true)), "@pm");
        Assert.DoesNotContain(stage.Atp("AT-EMRG-01").OpenMessages.Values, open => open.About is not null);
    }

    [Fact]
    public void A_handoff_goes_to_who_goes_on_with_the_work()
    {
        var stage = Play.Emergency();
        var refused = stage.Refused(Rules.HandoffRecipient, "AT-EMRG-01", new HandOff("@operator", "fixed", "deploy", "tests"), "@dev");
        Assert.Contains("@sre", refused.Allowed);
    }

    [Fact]
    public void One_of_the_team_acknowledges_and_the_others_are_not_escalated()
    {
        var stage = new Stage();
        var breach = new Dictionary<string, string> { ["condition"] = "security-breach" };
        var (incident, _) = stage.Declared(Play.Declare("leak", category: IncidentCategory.Security, labels: breach));
        stage.Do(incident, new AcknowledgeIncident(), "@victor");
        var told = new List<string>();
        stage.Recorded = (_, happened) => told.AddRange(happened.Event is MessageOverdue overdue ? [overdue.Told] : []);
        stage.Do(incident, new AssessIncident("a", "b", "c", "d"), "@victor");
        var atp = stage.Incident(incident).Atps[0];
        var directive = stage.Atp(atp).OpenMessages.First(open => open.Value is { To: "@dev", RequiresAck: true }).Key;
        stage.Do(atp, new AcknowledgeMessage(directive), "@dev");
        Assert.Contains(stage.Atp(atp).OpenMessages.Values, open => open is { To: "@sam", RequiresAck: true });
        stage.Pass(TimeSpan.FromHours(1));
        Assert.DoesNotContain("@luna", told);
    }

    [Fact]
    public void What_is_not_critical_is_no_urgent_incident_any_more()
    {
        var stage = new Stage();
        var (incident, atp) = stage.Declared(Play.Declare("slow", Severity.Sev2) with { Flow = "emergency-hotfix" });
        stage.Do(atp, new CreateArtifact("ImpactAssessment", "impact", "one user", "non-critical"), "@planner");
        stage.Do(atp, new ChangeStatus("Assessed"), "@planner");

        Assert.Equal(("StandardBugFix", Severity.Sev3), (stage.Atp(atp).Status, stage.Incident(incident).Severity));
        Assert.DoesNotContain((ActorId.Incident(incident), IncidentDecider.AssessClock), stage.Clocks.Keys);
    }

    private static (Stage Stage, string Atp) UpToFixApplied()
    {
        var stage = new Stage();
        var (_, atp) = stage.Declared(Play.Declare("slow", Severity.Sev2) with { Flow = "emergency-hotfix" });
        stage.Do(atp, new CreateArtifact("ImpactAssessment", "impact", "all users", "critical"), "@planner");
        stage.Do(atp, new ChangeStatus("Assessed"), "@planner");
        stage.Do(atp, new CreateArtifact("RootCauseAnalysis", "cause", "a leak"), "@debug");
        stage.Do(atp, new ChangeStatus("Analyzed"), "@debug");
        stage.Do(atp, new CreateArtifact("FixPlan", "plan", "## Minimal fix\na\n## Rollback plan\nb\n## Full fix for follow-up\nc"), "@fix");
        stage.Do(atp, new ChangeStatus("FixPlanned"), "@fix");
        stage.Do(atp, new CreateArtifact("BackupConfirmation", "backup", "of lib/payment.ts"), "@fix");
        stage.Do(atp, new ChangeStatus("FixApplied"), "@fix");
        return (stage, atp);
    }
}
