using System.Collections.Immutable;
using System.Net;
using IncidentActors.Cli;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Runbooks;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>Rollbacks from the command line: what is sent, what is shown, which exit code.</summary>
public sealed class RunbookVerbTests
{
    private const string Id = "INC-260126-K7M2P";

    private static readonly RunbookRun Proposed = new(
        "RUN-7Q", "deployment-rollback", ImmutableSortedDictionary<string, string>.Empty.Add("client", "shop [eu]"), false, RunStatus.Proposed, "@dev",
        CliRun.Now.AddMinutes(-2), null, null, null, null, null);

    private static readonly RunbookRun Done = Proposed with
    {
        Status = RunStatus.Succeeded, DecidedBy = "@sre", StartedAt = CliRun.Now.AddSeconds(-50), FinishedAt = CliRun.Now.AddSeconds(-8), ExitCode = 0,
        Output = "$ deploy 'shop [eu]' --rollback\nrolled back to 41\n",
    };

    private readonly CliRun cli = new();

    [Fact]
    public async Task They_are_listed_with_values_approver_and_evidence()
    {
        cli.Server.Answers(CliOutputTests.Page([.. RunbookSet.Shipped.All.Select(RunbookView.Of)]));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("runbook"));
        Assert.Equal("/api/runbooks", cli.Server.Last.Path);
        Golden.Equal("Golden/runbook-list.txt", cli.Output);
    }

    [Fact]
    public async Task A_dry_run_is_proposed_and_started_and_its_output_shown()
    {
        var dry = Done with { DryRun = true, ExitCode = null, Output = "would run: deploy 'shop [eu]' --rollback\n" };
        cli.Server.Answers(With(dry with { Status = RunStatus.Approved, Output = null })).Answers(With(dry));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("runbook", "dry-run", Id, "deployment-rollback", "--value", "client=shop [eu]", "--key", "k"));
        var (propose, start) = (cli.Server.Requests[0], cli.Server.Requests[1]);
        Assert.Equal($"/api/incidents/{Id}/runs", propose.Path);
        Assert.Equal("""{"runbook":"deployment-rollback","values":{"client":"shop [eu]"},"dryRun":true}""", propose.Body);
        Assert.Equal(($"/api/incidents/{Id}/runs/RUN-7Q/start", "{}"), (start.Path, start.Body));
        Assert.Equal(("k", "k:start"), (propose.Headers["Idempotency-Key"], start.Headers["Idempotency-Key"]));
        Golden.Equal("Golden/runbook-dry-run.txt", cli.Output);
    }

    [Fact]
    public async Task A_proposal_for_real_says_who_is_waited_for()
    {
        cli.Server.Answers(With(Proposed));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("runbook", "propose", Id, "deployment-rollback", "--value", "client=shop [eu]"));
        Assert.Contains("\"dryRun\":false", cli.Server.Last.Body, StringComparison.Ordinal);
        Assert.Contains($"incident runbook approve {Id} RUN-7Q", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_approved_or_rejected_with_a_note()
    {
        cli.Server.Answers(With(Proposed with { Status = RunStatus.Approved, DecidedBy = "@sre" }));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("runbook", "approve", Id, "RUN-7Q", "--note", "go"));
        Assert.Equal(($"/api/incidents/{Id}/runs/RUN-7Q/decision", """{"decision":"approve","note":"go"}"""), (cli.Server.Last.Path, cli.Server.Last.Body));
        Assert.Contains("approved", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_waited_for_and_its_outcome_is_the_exit_code()
    {
        var running = Done with { Status = RunStatus.Running, FinishedAt = null, ExitCode = null, Output = null };
        cli.Server.Answers(With(running)).Answers(With(running)).Answers(With(Done));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("runbook", "run", Id, "RUN-7Q"));
        Assert.Equal(2, cli.Pauses.Count);
        Golden.Equal("Golden/runbook-run.txt", cli.Output);

        cli.Server.Answers(With(Done with { Status = RunStatus.Failed, ExitCode = 3 }));
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("runbook", "run", Id, "RUN-7Q"));
    }

    [Fact]
    public async Task Runs_of_an_incident_are_shown()
    {
        cli.Server.Answers(With(Proposed with { Id = "RUN-6P" }, Done));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("runbook", "show", Id));
        Assert.Contains("RUN-6P", cli.Output, StringComparison.Ordinal);
        cli.Server.Answers(With(Proposed with { Id = "RUN-6P" }, Done));
        await cli.RunAsync("runbook", "show", Id, "RUN-9Z");
        Assert.Contains($"{Id} has no run RUN-9Z.", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_evidence_it_is_refused_and_the_json_is_the_servers()
    {
        cli.Server.Refuses(
            HttpStatusCode.UnprocessableEntity,
            "runbook.evidence.missing",
            "Database rollback does not start without a BackupConfirmation.",
            "BackupConfirmation");
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("runbook", "run", Id, "RUN-7Q", "--json"));
        Assert.Contains("runbook.evidence.missing", cli.Output, StringComparison.Ordinal);
        Assert.Contains("allowed: BackupConfirmation", cli.Error, StringComparison.Ordinal);

        cli.Server.Answers("""{"items":[],"next":null}""");
        await cli.RunAsync("runbook", "list", "--json");
        Assert.EndsWith("""{"items":[],"next":null}""" + "\n", cli.Output, StringComparison.Ordinal);
    }

    private static IncidentView With(params ImmutableArray<RunbookRun> runs) => Samples.Incident with { Runs = runs };
}
