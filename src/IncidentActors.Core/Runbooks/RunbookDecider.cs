using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Runbooks;

/// <summary>Proposing, approving, starting and finishing runs (seed 003). What may be done for real is decided here, not by the runner.</summary>
internal static class RunbookDecider
{
    public const string Clock = "runbook:";

    /// <summary>Time beyond the runbook's own before a run without an outcome counts as unknown.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>Characters that a parameter's value may have; an argument that is longer is not a name, id or number.</summary>
    private const int MaxValueLength = 1000;

    private const string NotReported = "The node that ran it did not report an outcome. Look at the system before running it again.";

    public static Decision Decide(IncidentState state, IncidentCommand command, World world) => command switch
    {
        ProposeRun propose => Propose(state, propose, world),
        DecideRun decide => OnRun(state, decide.RunId, RunStatus.Proposed, run => Approve(state, run, decide, world)),
        StartRun start => OnRun(state, start.RunId, RunStatus.Approved, run => Start(state, run, world)),
        FinishRun finish => OnRun(state, finish.RunId, RunStatus.Running, run => Finish(state, run, finish, world)),
        _ => throw new InvalidOperationException($"a runbook cannot handle the command {command.GetType().Name}"),
    };

    /// <summary>The runner has not come back: it says nothing any more.</summary>
    public static Decision TimeIsUp(IncidentState state, string runId) =>
        state.Runs.FirstOrDefault(run => run.Id == runId) is { Status: RunStatus.Running }
            ? IncidentDecider.Record(state, new RunbookFinished(runId, RunStatus.Unknown, null, NotReported))
            : new Decision();

    private static Decision Propose(IncidentState state, ProposeRun propose, World world)
    {
        if (!IncidentDecider.IsOn(state, world.Caller)) return IncidentDecider.NotOn(state, world.Caller);
        if (world.Runbooks.Find(propose.Runbook) is not { } runbook)
        {
            return Rejected.Unknown(
                Rules.RunbookUnknown, $"There is no runbook '{propose.Runbook}'.", [.. world.Runbooks.All.Select(known => known.Id)]);
        }

        if (Bad(runbook, propose.Values) is { } bad) return bad;
        var role = propose.DryRun ? null : runbook.Approval;
        int? approvers = role is not null && runbook.Approvers > 1 ? runbook.Approvers : null;
        var id = $"RUN-{world.Call.Seed}";
        var proposed = new RunbookProposed(
            id, runbook.Id, propose.Values, propose.DryRun, role, approvers, role is null ? null : runbook.SignedInWithin);
        var decision = IncidentDecider.Record(state, proposed).AddFact("runId", id);
        if (role is not null && state.Atps is [var atp, ..])
        {
            decision.Add(new SendCommand(ActorId.Atp(atp), new PostNotice(
                world.Roster.HandleFor(role),
                MessageType.Decision,
                Priority.P0,
                $"Runbook waits for your approval: {runbook.Title}",
                $"{world.Caller.Handle} proposes {runbook.Id} for {state.Id} as {id}: {Shown(propose.Values)}")));
        }

        return decision;
    }

    private static Decision Approve(IncidentState state, RunbookRun run, DecideRun decide, World world)
    {
        var asked = new Decidable(
            run.Id, world.Runbooks.Find(run.Runbook)?.Approval, Rules.RunbookRole, run.ProposedBy, run.Approvers, run.SignedInWithin,
            [.. (run.ApprovedBy ?? []).Select(by => (by, run.ApprovedFor?.GetValueOrDefault(by)))]);
        if (DecisionAuthority.NotFresh(asked, world) is { } stale) return stale;
        var (refused, delegator) = DecisionAuthority.Check(asked, decide.Approve, world);
        if (refused is not null) return refused;
        return decide.Approve && !world.Caller.Overrides && asked.Given.Count + 1 < run.Approvers
            ? IncidentDecider.Record(state, new RunbookApprovalGiven(run.Id, decide.Note, delegator))
            : IncidentDecider.Record(state, new RunbookDecided(run.Id, decide.Approve, decide.Note, delegator));
    }

    private static Decision Start(IncidentState state, RunbookRun run, World world)
    {
        if (!IncidentDecider.IsOn(state, world.Caller)) return IncidentDecider.NotOn(state, world.Caller);
        if (world.Runbooks.Find(run.Runbook) is not { } runbook)
            return Rejected.Unknown(Rules.RunbookUnknown, $"The runbook {run.Runbook} is not loaded any more.");
        if (!run.DryRun && runbook.Requires is { } type && Confirmations(state, type, world) <= Spent(state, type, world))
        {
            return new Rejected(
                Rules.RunbookEvidence,
                $"{runbook.Title} does not start without a {type} of its own on an ATP of {state.Id}; create it with artifact_create.",
                [type]);
        }

        return IncidentDecider.Record(state, new RunbookStarted(run.Id))
            .Add(new StartClock(ActorId.Incident(state.Id), Clock + run.Id, world.Call.At + runbook.Within + Grace, new IncidentTimeIsUp(Clock + run.Id)))
            .AddFact("runId", run.Id);
    }

    private static Decision Finish(IncidentState state, RunbookRun run, FinishRun finish, World world) =>
        !world.Call.BySystem
            ? Rejected.Role(Rules.RunbookRole, "Only the server that runs it may report the outcome of a run.")
            : IncidentDecider.Record(state, new RunbookFinished(run.Id, finish.Outcome, finish.ExitCode, finish.Output))
                .Add(new StopClock(ActorId.Incident(state.Id), Clock + run.Id));

    /// <summary>Decides about the run when it is there and in the status that the command needs.</summary>
    private static Decision OnRun(IncidentState state, string id, RunStatus wanted, Func<RunbookRun, Decision> decide)
    {
        if (state.Runs.FirstOrDefault(run => run.Id == id) is not { } run)
            return Rejected.Unknown(Rules.RunUnknown, $"{state.Id} has no run {id}.", [.. state.Runs.Select(known => known.Id)]);
        return run.Status == wanted
            ? decide(run)
            : Rejected.Conflict(Rules.RunStatus, $"{id} is {Name(run.Status)}, not {Name(wanted)}.");
    }

    private static string Name(RunStatus status) => status.ToString().ToLowerInvariant();

    private static int Confirmations(IncidentState state, string type, World world) =>
        state.Atps.Sum(id => world.Actors.Get(ActorId.Atp(id)) is AtpState atp ? atp.Artifacts.Count(artifact => artifact.Type == type) : 0);

    /// <summary>Each real run needs its own confirmation, because an earlier run may have changed what was confirmed.</summary>
    private static int Spent(IncidentState state, string type, World world) =>
        state.Runs.Count(run => run is { DryRun: false, StartedAt: not null } && world.Runbooks.Find(run.Runbook)?.Requires == type);

    /// <summary>Every parameter once, none that begins like an option or holds what no argument holds.</summary>
    private static Rejected? Bad(Runbook runbook, ImmutableSortedDictionary<string, string> values)
    {
        var missing = runbook.Parameters.Where(name => string.IsNullOrWhiteSpace(values.GetValueOrDefault(name))).ToImmutableArray();
        if (!missing.IsEmpty) return Rejected.Malformed(Rules.ArgumentMissing, $"{runbook.Id} needs {string.Join(", ", missing)}.", missing);
        var unknown = values.Keys.Except(runbook.Parameters).ToImmutableArray();
        if (!unknown.IsEmpty)
        {
            return Rejected.Malformed(
                Rules.ArgumentMalformed, $"{runbook.Id} has no parameter {string.Join(", ", unknown)}.", runbook.Parameters);
        }

        var bad = values.FirstOrDefault(pair => pair.Value.StartsWith('-') || pair.Value.Any(char.IsControl) || pair.Value.Length > MaxValueLength);
        return bad.Key is null
            ? null
            : Rejected.Malformed(
                Rules.ArgumentMalformed,
                $"The value of {bad.Key} must not begin with '-', hold control characters, or be longer than {MaxValueLength} characters.");
    }

    private static string Shown(ImmutableSortedDictionary<string, string> values) => string.Join(", ", values.Select(pair => $"{pair.Key}={pair.Value}"));
}
