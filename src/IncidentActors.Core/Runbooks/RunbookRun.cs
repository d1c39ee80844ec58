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

    /// <summary>Who has approved while more approvals are needed; absent if there is none.</summary>
    public ImmutableArray<string>? ApprovedBy { get; init; }

    /// <summary>Who of <see cref="ApprovedBy"/> approved in whose place; absent: nobody.</summary>
    public ImmutableSortedDictionary<string, string>? ApprovedFor { get; init; }

    /// <summary>Maximum age of the approver's sign-in; absent if the age does not matter.</summary>
    public TimeSpan? SignedInWithin { get; init; }

    /// <summary>Who delegated the decision to <see cref="DecidedBy"/>; absent: nobody.</summary>
    public string? DecidedFor { get; init; }
}

/// <summary>A run is waiting: for its approval, or to be started.</summary>
/// <param name="Approvers">How many different persons must approve; null: one.</param>
/// <param name="SignedInWithin">Maximum age of the approver's sign-in; null if the age does not matter.</param>
[EventName("incident.runbook-proposed.v1")]
public sealed record RunbookProposed(
    string RunId, string Runbook, ImmutableSortedDictionary<string, string> Values, bool DryRun, string? ApprovalRole, int? Approvers = null,
    TimeSpan? SignedInWithin = null) : IEvent;

/// <summary>One of several persons approved; the run waits until enough have.</summary>
/// <param name="For">Who delegated the decision, or null.</param>
[EventName("incident.runbook-approval-given.v1")]
public sealed record RunbookApprovalGiven(string RunId, string? Note, string? For = null) : IEvent;

/// <param name="For">Who delegated the decision, or null.</param>
[EventName("incident.runbook-decided.v1")]
public sealed record RunbookDecided(string RunId, bool Approved, string? Note, string? For = null) : IEvent;

[EventName("incident.runbook-started.v1")]
public sealed record RunbookStarted(string RunId) : IEvent;

[EventName("incident.runbook-finished.v1")]
public sealed record RunbookFinished(string RunId, RunStatus Outcome, int? ExitCode, string Output) : IEvent;

/// <summary>Runs as they follow from their events.</summary>
internal static class RunbookRuns
{
    public static ImmutableArray<RunbookRun> Evolve(ImmutableArray<RunbookRun> runs, RecordedEvent happened) => happened.Event switch
    {
        RunbookProposed e => runs.Add(new RunbookRun(
            e.RunId, e.Runbook, e.Values, e.DryRun, e.ApprovalRole is null ? RunStatus.Approved : RunStatus.Proposed, happened.By, happened.At)
        {
            Approvers = e.Approvers,
            SignedInWithin = e.SignedInWithin,
        }),
        RunbookApprovalGiven e => With(runs, e.RunId, run => run with
        {
            ApprovedBy = [.. run.ApprovedBy ?? [], happened.By],
            ApprovedFor = e.For is null ? run.ApprovedFor : (run.ApprovedFor ?? ImmutableSortedDictionary<string, string>.Empty).SetItem(happened.By, e.For),
        }),
        RunbookDecided e => With(runs, e.RunId, run => run with
        {
            Status = e.Approved ? RunStatus.Approved : RunStatus.Rejected,
            DecidedBy = happened.By,
            DecidedFor = e.For,
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
