using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Tests.Runbooks;

/// <summary>Seed 003: what may be run for real, by whom, and what is known of it afterwards.</summary>
public class RunbookTests
{
    private static readonly ImmutableSortedDictionary<string, string> Shop =
        ImmutableSortedDictionary<string, string>.Empty.Add("client", "shop");

    private const string TwoApprovers = """
        runbooks:
          - { id: failover, approval: sre, approvers: 2, parameters: [client], steps: [[deploy, "{client}"]] }
        """;

    private readonly Stage stage = new();
    private readonly string incident;
    private readonly string atp;

    public RunbookTests() => (incident, atp) = stage.Declared(Play.Declare(severity: Severity.Sev2));

    private RunbookRun Run => stage.Incident(incident).Runs[^1];

    [Fact]
    public void A_dry_run_needs_no_approval_and_starts_once_by_somebody_on_the_incident()
    {
        stage.Refused(Rules.IncidentRole, incident, new ProposeRun("deployment-rollback", Shop), "@luna");
        stage.Do(incident, new ProposeRun("deployment-rollback", Shop), "@owen");
        Assert.Equal(RunStatus.Approved, Run.Status);
        Assert.Empty(stage.Sent());

        stage.Refused(Rules.IncidentRole, incident, new StartRun(Run.Id), "@luna");
        stage.Do(incident, new StartRun(Run.Id), "@owen");
        stage.Refused(Rules.RunStatus, incident, new StartRun(Run.Id), "@owen");
    }

    [Fact]
    public void A_run_for_real_waits_for_its_role()
    {
        stage.Do(incident, new ProposeRun("deployment-rollback", Shop, DryRun: false), "@derek");
        Assert.Contains(stage.Sent(), sent => sent is { To: "@sre", Type: MessageType.Decision });

        stage.Refused(Rules.RunStatus, incident, new StartRun(Run.Id), "@derek");
        stage.Refused(Rules.RunbookRole, incident, new DecideRun(Run.Id, true, null), "@dev");
        stage.Do(incident, new DecideRun(Run.Id, true, null), "@sre");
        Assert.Equal((RunStatus.Approved, "@sre"), (Run.Status, Run.DecidedBy));
        stage.Refused(Rules.RunStatus, incident, new DecideRun(Run.Id, false, null), "@sre");
    }

    [Fact]
    public void Nobody_approves_what_they_proposed_and_what_is_rejected_never_starts()
    {
        stage.Do(incident, new ProposeRun("deployment-rollback", Shop, DryRun: false), "@owen");
        stage.Refused(Rules.ApprovalOwn, incident, new DecideRun(Run.Id, true, null), "@owen");
        stage.Do(incident, new DecideRun(Run.Id, false, "not now"), "@sre");
        stage.Refused(Rules.RunStatus, incident, new StartRun(Run.Id), "@owen");
    }

    [Fact]
    public void Two_persons_approve_where_the_runbook_says_so_and_the_handles_of_one_count_once()
    {
        var twice = new Stage { Roster = WithTwoHandles(), Runbooks = RunbooksYaml.Parse(TwoApprovers, "runbooks.yaml") };
        var (of, _) = twice.Declared(Play.Declare(severity: Severity.Sev2));
        RunbookRun Last() => twice.Incident(of).Runs[^1];
        twice.Do(of, new ProposeRun("failover", Shop), "@owen");
        Assert.Equal(RunStatus.Approved, Last().Status);

        twice.Do(of, new ProposeRun("failover", Shop, DryRun: false), "@owen");
        twice.Do(of, new DecideRun(Last().Id, true, "fine"), "@sre");
        Assert.Equal((RunStatus.Proposed, null), (Last().Status, Last().DecidedBy));
        Assert.Equal(["@sre"], Last().ApprovedBy!.Value.AsEnumerable());
        twice.Refused(Rules.RunStatus, of, new StartRun(Last().Id), "@owen");
        twice.Refused(Rules.ApprovalGiven, of, new DecideRun(Last().Id, true, null), "@sre");
        twice.Refused(Rules.ApprovalGiven, of, new DecideRun(Last().Id, true, null), "@sre-phone");
        twice.Refused(Rules.RunbookRole, of, new DecideRun(Last().Id, true, null), "@dev");
        twice.Refused(Rules.ApprovalOwn, of, new DecideRun(Last().Id, true, null), "@owen");
        twice.Do(of, new DecideRun(Last().Id, true, null), "@operator");
        Assert.Equal((RunStatus.Approved, "@operator"), (Last().Status, Last().DecidedBy));
        twice.Do(of, new StartRun(Last().Id), "@owen");

        twice.Do(of, new ProposeRun("failover", Shop, DryRun: false), "@owen");
        twice.Do(of, new DecideRun(Last().Id, true, null), "@sre");
        twice.Do(of, new DecideRun(Last().Id, false, "no"), "@operator");
        Assert.Equal(RunStatus.Rejected, Last().Status);
    }

    [Fact]
    public void A_person_who_has_approved_a_run_rejects_it_while_others_must_approve()
    {
        var twice = new Stage { Roster = WithTwoHandles(), Runbooks = RunbooksYaml.Parse(TwoApprovers, "runbooks.yaml") };
        var (of, _) = twice.Declared(Play.Declare(severity: Severity.Sev2));
        twice.Do(of, new ProposeRun("failover", Shop, DryRun: false), "@owen");
        var run = twice.Incident(of).Runs[^1].Id;
        twice.Do(of, new DecideRun(run, true, null), "@sre");
        twice.Do(of, new DecideRun(run, false, "not now"), "@sre-phone");
        Assert.Equal(RunStatus.Rejected, twice.Incident(of).Runs[^1].Status);
    }

    [Fact]
    public void A_run_is_decided_after_a_fresh_sign_in_and_for_a_time_by_a_delegate()
    {
        const string Delegated = """
            members:
              - { handle: "@sre", roles: [sre], person: true }
              - { handle: "@mia", roles: [sre], person: true }
              - { handle: "@dee", roles: [dev], person: true }
            delegations:
              - { from: "@sre", to: "@dee", role: sre, until: 2036-12-01T00:00Z }
            """;
        var fresh = new Stage
        {
            Roster = RosterYaml.Parse(Delegated, "roster.yaml"),
            Runbooks = RunbooksYaml.Parse(TwoApprovers.Replace("approvers: 2", "approvers: 2, signedInWithin: 5m", StringComparison.Ordinal), "runbooks.yaml"),
        };
        var (of, _) = fresh.Declared(Play.Declare(severity: Severity.Sev2));
        RunbookRun Last() => fresh.Incident(of).Runs[^1];
        fresh.Do(of, new ProposeRun("failover", Shop, DryRun: false), "@pm");
        fresh.Refused(Rules.ApprovalSignIn, of, new DecideRun(Last().Id, true, null), "@dee");
        fresh.SignedInAt = fresh.Now - TimeSpan.FromMinutes(6);
        fresh.Refused(Rules.ApprovalSignIn, of, new DecideRun(Last().Id, false, null), "@dee");
        fresh.SignedInAt = fresh.Now;
        fresh.Do(of, new DecideRun(Last().Id, true, null), "@dee");
        Assert.Equal("@sre", Last().ApprovedFor!["@dee"]);
        fresh.Refused(Rules.ApprovalGiven, of, new DecideRun(Last().Id, true, null), "@sre");
        fresh.Refused(Rules.RunbookRole, of, new DecideRun(Last().Id, true, null), "@pm");
        fresh.Do(of, new DecideRun(Last().Id, true, null), "@mia");
        Assert.Equal((RunStatus.Approved, "@mia"), (Last().Status, Last().DecidedBy));
    }

    [Fact]
    public void A_roster_with_too_few_persons_for_a_runbook_is_warned_of() => Assert.Contains(
        "The runbook failover needs 2 different persons with the role 'sre'; the roster has 1.",
        RosterCheck.Warnings(
            RosterYaml.Parse("members: [{ handle: \"@sre\", roles: [sre] }]", "roster.yaml"), FlowSet.Shipped,
            RunbooksYaml.Parse(TwoApprovers, "runbooks.yaml")));

    [Fact]
    public void Several_approvers_need_a_role_that_approves()
    {
        var wrong = Assert.Throws<FormatException>(() => RunbooksYaml.Parse(TwoApprovers.Replace("approval: sre,", "", StringComparison.Ordinal), "x.yaml"));
        Assert.Contains("no role that approves", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_is_rolled_back_for_real_only_over_a_backup()
    {
        var values = ImmutableSortedDictionary<string, string>.Empty.Add("database", "orders").Add("restorePoint", "03:00");
        stage.Do(incident, new ProposeRun("database-rollback", values), "@owen");
        stage.Do(incident, new StartRun(Run.Id), "@owen");

        stage.Do(incident, new ProposeRun("database-rollback", values, DryRun: false), "@owen");
        stage.Do(incident, new DecideRun(Run.Id, true, null), "@diana");
        var refused = stage.Refused(Rules.RunbookEvidence, incident, new StartRun(Run.Id), "@owen");
        Assert.Equal(["BackupConfirmation"], refused.Allowed.AsEnumerable());
        stage.Do(atp, new CreateArtifact("BackupConfirmation", "backup", "taken at 03:01"), "@dev");
        stage.Do(incident, new StartRun(Run.Id), "@owen");
    }

    /// <summary>Seed 003: never without a backup confirmation; the backup of before the first run is none of what that run has left.</summary>
    [Fact]
    public void A_database_that_is_rolled_back_again_is_backed_up_again()
    {
        var values = ImmutableSortedDictionary<string, string>.Empty.Add("database", "orders").Add("restorePoint", "03:00");
        foreach (var backup in new[] { "taken at 03:01", "taken at 03:20" })
        {
            stage.Do(incident, new ProposeRun("database-rollback", values, DryRun: false), "@owen");
            stage.Do(incident, new DecideRun(Run.Id, true, null), "@diana");
            stage.Refused(Rules.RunbookEvidence, incident, new StartRun(Run.Id), "@owen");
            stage.Do(atp, new CreateArtifact("BackupConfirmation", "backup", backup), "@dev");
            stage.Do(incident, new StartRun(Run.Id), "@owen");
        }
    }

    [Theory]
    [InlineData("", Rules.ArgumentMissing)]
    [InlineData("--force", Rules.ArgumentMalformed)]
    [InlineData("shop\nrm", Rules.ArgumentMalformed)]
    public void A_value_is_one_argument_and_no_option(string value, string rule) =>
        stage.Refused(rule, incident, new ProposeRun("deployment-rollback", Shop.SetItem("client", value)), "@owen");

    [Fact]
    public void Values_are_as_long_as_a_name_and_for_parameters_that_there_are()
    {
        var longest = new string('x', 1000);
        stage.Refused(Rules.ArgumentMalformed, incident, new ProposeRun("deployment-rollback", Shop.Add("branch", "main")), "@owen");
        stage.Refused(Rules.ArgumentMalformed, incident, new ProposeRun("deployment-rollback", Shop.SetItem("client", longest + "x")), "@owen");
        stage.Do(incident, new ProposeRun("deployment-rollback", Shop.SetItem("client", longest)), "@owen");
    }

    [Fact]
    public void What_there_is_not_is_not_run()
    {
        stage.Refused(Rules.RunbookUnknown, incident, new ProposeRun("reboot", Shop), "@owen");
        stage.Refused(Rules.RunUnknown, incident, new StartRun("RUN-0"), "@owen");
        stage.Refused(Rules.RunUnknown, incident, new DecideRun("RUN-0", true, null), "@sre");
    }

    [Fact]
    public void Only_the_runner_says_what_became_of_it()
    {
        Start();
        var finish = new FinishRun(Run.Id, RunStatus.Succeeded, 0, "done");
        stage.Refused(Rules.RunbookRole, incident, finish, "@owen");
        stage.Do(incident, finish, Handle.System);
        Assert.Equal((RunStatus.Succeeded, 0), (Run.Status, Run.ExitCode));

        stage.Pass(TimeSpan.FromHours(1));
        Assert.Equal(RunStatus.Succeeded, Run.Status);
        Assert.Empty(stage.Do(incident, new IncidentTimeIsUp("runbook:" + Run.Id), Handle.System).Changes);
    }

    [Fact]
    public void A_run_of_which_nothing_is_heard_is_unknown_a_minute_after_its_time()
    {
        Start();
        stage.Pass(TimeSpan.FromMinutes(15.9));
        Assert.Equal(RunStatus.Running, Run.Status);
        stage.Pass(TimeSpan.FromMinutes(0.1));
        Assert.Equal(RunStatus.Unknown, Run.Status);
        stage.Refused(Rules.RunStatus, incident, new FinishRun(Run.Id, RunStatus.Failed, 1, "late"), Handle.System);
    }

    private static Roster WithTwoHandles()
    {
        var shipped = RosterYaml.Shipped();
        return new Roster(shipped.Members.Add(new RosterMember("@sre-phone", null, ["sre"], null, null, Of: "@sre")), shipped.Duties);
    }

    private void Start()
    {
        stage.Do(incident, new ProposeRun("deployment-rollback", Shop), "@owen");
        stage.Do(incident, new StartRun(Run.Id), "@owen");
    }
}
