using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests;

/// <summary>Beginnings that many tests share, in the words of the seeds.</summary>
internal static class Play
{
    public const string Fix = "## Fix\n### Completed Work\n- fixed\n### Pending Work\n- deploy\n### Evidence\n- tests pass";
    public const string SixSections =
        "## Timeline\n03:00 down\n## Root Cause\nconfig\n## Impact\nall users\n## Resolution\nrollback\n## Prevention\nchecks\n"
        + "## Action Items\n- [ ] pin the config\n- [ ] alert on drift";

    /// <summary>All four boxes of the verification.</summary>
    public static System.Collections.Immutable.ImmutableArray<string> Verified => [.. Checklists.Verification.Select(item => item.Id)];

    public static DeclareIncident Declare(
        string title = "Payment gateway returns 500", Severity? severity = Severity.Sev1, IncidentCategory? category = null,
        IReadOnlyDictionary<string, string>? labels = null, string? directed = null) => new(
        title, severity, category, Labels: labels?.ToImmutableSortedDictionary(), Directed: directed);

    /// <summary>Declares and gives the incident's id and its first ATP's.</summary>
    public static (string Incident, string Atp) Declared(this Stage stage, DeclareIncident? declare = null)
    {
        var id = $"INC-{stage.All<IncidentState>().Count() + 1}";
        stage.Do(id, declare ?? Declare(), "@api");
        return (id, stage.Incident(id).Atps[0]);
    }

    public static void Create(this Stage stage, string id, string by = "@pm", string? owner = null, string title = "Tidy the logs", string? incident = null) =>
        stage.Do(id, new CreateAtp(title, Flow: "standard", IncidentId: incident, Owner: owner), by);

    /// <summary>An emergency by the calls of seed 000, up to the given state.</summary>
    public static Stage Emergency(string upTo = "InProgress", string id = "AT-EMRG-01")
    {
        var stage = new Stage();
        stage.Do(id, new SetAtp("InProgress", "🚨 SEV-1: checkout is down"), "@pm");
        if (upTo == "InProgress") return stage;
        stage.Do(id, new SendMessage("@pm", MessageType.Handoff, null, "Handoff", Fix, false), "@dev");
        if (upTo == "Complete") return stage;
        stage.Do(id, new SettleApproval(stage.Atp(id).Approvals[^1].Id, new DecideApproval(true)), "@pm");
        stage.Do(id, new ChangeStatus("Deployed"), "@sre");
        if (upTo == "Deployed") return stage;
        stage.Do(id, new CreateArtifact("PMVerificationReport", "report", "verified", Persist: "both"), "@pm");
        stage.Do(id, new ChangeStatus("Closed"), "@pm");
        return stage;
    }

    /// <summary>An emergency hotfix (seed 004) from its detection to the question of its fast-track approval.</summary>
    public static void UpToApproval(Stage stage, string atp)
    {
        stage.Do(atp, new CreateArtifact("ImpactAssessment", "impact", "all users", "critical"), "@planner");
        stage.Do(atp, new ChangeStatus("Assessed"), "@planner");
        stage.Do(atp, new CreateArtifact("RootCauseAnalysis", "cause", "a leak"), "@debug");
        stage.Do(atp, new ChangeStatus("Analyzed"), "@debug");
        stage.Do(atp, new CreateArtifact("FixPlan", "plan", "## Minimal fix\na\n## Rollback plan\nb\n## Full fix for follow-up\nc"), "@fix");
        stage.Do(atp, new ChangeStatus("FixPlanned"), "@fix");
        stage.Do(atp, new CreateArtifact("BackupConfirmation", "backup", "of lib/payment.ts"), "@fix");
        stage.Do(atp, new ChangeStatus("FixApplied"), "@fix");
        stage.Do(atp, new CreateArtifact("TestReport", "tests", "critical ones", "passed"), "@test-manager");
        stage.Do(atp, new CreateArtifact("SecurityReview", "security", "nothing critical", "passed"), "@security-review");
    }

    public static SetAtp Set(string? status = null, string? notes = null, string? owner = null, params ImmutableArray<string> gates) =>
        new(status, notes, owner, null, null, gates);

    public static IEnumerable<MessageSent> Sent(this Stage stage) => stage.Events.Select(happened => happened.Event).OfType<MessageSent>();
}
