using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Runbooks;

[JsonConverter(typeof(JsonStringEnumConverter<RunStatus>))]
public enum RunStatus
{
    [JsonStringEnumMemberName("proposed")] Proposed,
    [JsonStringEnumMemberName("approved")] Approved,
    [JsonStringEnumMemberName("rejected")] Rejected,
    [JsonStringEnumMemberName("running")] Running,
    [JsonStringEnumMemberName("succeeded")] Succeeded,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("timed-out")] TimedOut,

    /// <summary>The node that ran it is gone, so its progress is unknown. It is never run again automatically.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}

/// <summary>One run of a runbook for an incident.</summary>
/// <param name="DryRun">Nothing is executed: the output says what would be.</param>
/// <param name="ExitCode">Of the last step, or the HTTP status of the webhook.</param>
/// <param name="Output">What it printed, cut at the runner's limit.</param>
public sealed record RunbookRun(
    string Id,
    string Runbook,
    ImmutableSortedDictionary<string, string> Values,
    bool DryRun,
    RunStatus Status,
    string ProposedBy,
    DateTimeOffset ProposedAt,
    string? DecidedBy = null,
    DateTimeOffset? StartedAt = null,
    DateTimeOffset? FinishedAt = null,
    int? ExitCode = null,
    string? Output = null)
{
    /// <summary>How many different persons must approve; absent: one.</summary>
    public int? Approvers { get; init; }

    /// <summary>Who has approved while others must, too; absent: nobody has.</summary>
    public ImmutableArray<string>? ApprovedBy { get; init; }
}

/// <summary>A run is waiting: for its approval, or to be started.</summary>
/// <param name="Approvers">How many different persons must approve; null: one.</param>
[EventName("incident.runbook-proposed.v1")]
public sealed record RunbookProposed(
    string RunId, string Runbook, ImmutableSortedDictionary<string, string> Values, bool DryRun, string? ApprovalRole, int? Approvers = null) : IEvent;

/// <summary>One of several persons approved; the run waits until enough have.</summary>
[EventName("incident.runbook-approval-given.v1")]
public sealed record RunbookApprovalGiven(string RunId, string? Note) : IEvent;

[EventName("incident.runbook-decided.v1")]
public sealed record RunbookDecided(string RunId, bool Approved, string? Note) : IEvent;

[EventName("incident.runbook-started.v1")]
public sealed record RunbookStarted(string RunId) : IEvent;

[EventName("incident.runbook-finished.v1")]
public sealed record RunbookFinished(string RunId, RunStatus Outcome, int? ExitCode, string Output) : IEvent;

/// <summary>Runs as they follow from their events.</summary>
internal static class RunbookRuns
{
    public static ImmutableArray<RunbookRun> Evolve(ImmutableArray<RunbookRun> runs, Happened happened) => happened.Event switch
    {
        RunbookProposed e => runs.Add(new RunbookRun(
            e.RunId, e.Runbook, e.Values, e.DryRun, e.ApprovalRole is null ? RunStatus.Approved : RunStatus.Proposed, happened.By, happened.At)
        {
            Approvers = e.Approvers,
        }),
        RunbookApprovalGiven e => With(runs, e.RunId, run => run with { ApprovedBy = [.. run.ApprovedBy ?? [], happened.By] }),
        RunbookDecided e => With(runs, e.RunId, run => run with
        {
            Status = e.Approved ? RunStatus.Approved : RunStatus.Rejected,
            DecidedBy = happened.By,
        }),
        RunbookStarted e => With(runs, e.RunId, run => run with { Status = RunStatus.Running, StartedAt = happened.At }),
        RunbookFinished e => With(runs, e.RunId, run => run with
        {
            Status = e.Outcome,
            FinishedAt = happened.At,
            ExitCode = e.ExitCode,
            Output = e.Output,
        }),
        _ => runs,
    };

    private static ImmutableArray<RunbookRun> With(ImmutableArray<RunbookRun> runs, string id, Func<RunbookRun, RunbookRun> change) =>
        [.. runs.Select(run => run.Id == id ? change(run) : run)];
}
