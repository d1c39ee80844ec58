using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Core.Permits;

/// <summary>What the decision needs to know besides the actors that it names.</summary>
/// <param name="EndedBy">The halt that has ended the permit; null if none has.</param>
/// <param name="Unsettled">A permit of the same action and target whose outcome is unknown, or null.</param>
public sealed record PermitFacts(HaltRecord? EndedBy = null, string? Unsettled = null);

/// <summary>
/// Whether an outside action may start, go on, and what became of it. That none is granted under a halt that covers it is the commit's part
/// (<see cref="HaltPolicy"/>); a permit ends with the commit that raises such a halt, which needs no event of the permit.
/// </summary>
public static class PermitDecider
{
    /// <summary>Grace time after the end of a permit in which its report may still arrive.</summary>
    private static readonly TimeSpan ReportGrace = TimeSpan.FromSeconds(10);

    private const string Clock = "time";

    public static string IdFrom(string seed) => $"PRM-{seed}";

    public static Decision Decide(string id, PermitState? state, PermitCommand command, World world, PermitFacts facts) => command switch
    {
        RequestPermit request => state is null ? Request(id, request, world, facts) : Again(state, world, facts),
        _ when state is null => Unknown(id),
        RenewPermit => Renew(state, world, facts),
        EndPermit end => End(state, end, world, facts),
        PermitTimeIsUp => TimeIsUp(state, world, facts),
        _ => throw new InvalidOperationException($"a permit cannot handle the command {command.GetType().Name}"),
    };

    /// <summary>The refusal of a holder whose permit a halt has ended.</summary>
    public static Rejected Ended(string id, HaltRecord halt) =>
        new(Rules.PermitEnded, $"{halt.Id} ended {id} when it was raised: {halt.Reason}. Stop the action and report it.", ["permit_end"])
        {
            Kind = RejectionKind.Halted,
            Halt = halt.Notice(),
        };

    public static Rejected Unknown(string id) => Rejected.Unknown(Rules.PermitUnknown, $"There is no permit {id}.");

    private static Decision Request(string id, RequestPermit request, World world, PermitFacts facts)
    {
        if (string.IsNullOrWhiteSpace(request.Action))
            return Rejected.Malformed(Rules.ArgumentMissing, "A permit names its action, such as 'deploy'.");
        var rule = world.Permits.RuleFor(request.Action, request.Target, request.Environment);
        var atp = request.AtpId is { } atpId ? world.Actors.Get(ActorId.Atp(atpId)) as AtpState : null;
        if (request.AtpId is not null && atp is null) return Rejected.Unknown(Rules.AtpUnknown, $"There is no ATP {request.AtpId}.");
        if (request.BreakGlass is null && TurnBoundary.Briefing(world.Caller) is { } owed) return owed;
        if (request.BreakGlass is null && Refusal(request, rule, atp, world, facts) is { } refused) return refused;
        var seconds = Math.Clamp(request.Seconds ?? int.MaxValue, 1, rule?.Seconds ?? world.Permits.MaxSeconds);
        var until = world.Call.At.AddSeconds(seconds);
        var subject = request.BreakGlass is null
            ? HaltPolicy.SubjectOf(world.Caller, request, atp, world.Incident(atp?.IncidentId), rule?.Reads == true)
            : null;
        var decision = new Decision()
            .Add(ActorId.Permit(id), new PermitGranted(
                world.Call.By, request.Action.ToLowerInvariant(), request.Target, request.Environment, request.Digest, request.AtpId,
                atp?.IncidentId, request.Path, seconds, until, subject, rule?.Unknown == UnknownPolicy.Ignore, request.BreakGlass))
            .Add(Ends(id, until));
        var agent = ActorId.Agent(world.Call.By);
        return request.Path is { } path && !world.Call.BySystem && (world.Actors.Get(agent) as AgentState)?.Guards.Contains(path) != true
            ? decision.Add(agent, new AgentGuarded(path))
            : decision;
    }

    /// <summary>The refusal; null if the policy allows it.</summary>
    private static Rejected? Refusal(RequestPermit request, PermitRule? rule, AtpState? atp, World world, PermitFacts facts)
    {
        if (rule is null or { Decision: PermitDecision.Forbid })
        {
            return new Rejected(
                Rules.PermitForbidden,
                $"The policy does not allow '{request.Action}'{On(request)}{(rule?.Reason is { } reason ? $": {reason.TrimEnd('.')}" : "")}.");
        }

        var missing = rule.Needs.Where(need => IsMissing(need, request)).ToImmutableArray();
        if (!missing.IsEmpty)
            return new Rejected(Rules.PermitIncomplete, $"A permit for '{request.Action}' must also name: {string.Join(", ", missing)}.", missing);
        if (rule.Decision == PermitDecision.Approval && NotApproved(request, atp, world) is { } refused) return refused;
        return facts.Unsettled is { } unsettled && rule.Unknown == UnknownPolicy.Block
            ? Rejected.Conflict(
                Rules.PermitUnsettled,
                $"The outcome of {unsettled}, the last '{request.Action}'{On(request)}, is unknown; report it first with permit_end.",
                [$"permit_end {unsettled}"])
            : null;
    }

    private static bool IsMissing(string need, RequestPermit request) => need switch
    {
        "target" => request.Target is null,
        "environment" => request.Environment is null,
        "digest" => request.Digest is null,
        _ => request.AtpId is null,
    };

    /// <summary>The ATP's last approval that is not void must be approved; if its evidence names digests, the request's must be among them.</summary>
    private static Rejected? NotApproved(RequestPermit request, AtpState? atp, World world)
    {
        if (atp is null)
        {
            return new Rejected(
                Rules.PermitApproval, $"'{request.Action}'{On(request)} needs the approval of an ATP's transition; name the atpId.", ["atpId"]);
        }

        var last = atp.Approvals.LastOrDefault(approval => approval.Status is not AtpApprovalStatus.Voided);
        if (last?.Status != AtpApprovalStatus.Approved)
        {
            return new Rejected(
                Rules.PermitApproval,
                last is null
                    ? $"'{request.Action}'{On(request)} needs an approval, and none was asked for {atp.Id}: hand the work off."
                    : $"'{request.Action}'{On(request)} needs the approval {last.Id} of {atp.Id}, which is {last.Status.ToString().ToLowerInvariant()}.",
                last?.Status == AtpApprovalStatus.Open ? [$"approval_decide {last.Id}"] : ["handoff"]);
        }

        var evidence = (world.Actors.Get(ActorId.Approval(last.Id)) as ApprovalState)?.Evidence ?? "";
        return request.Digest is { } digest && ApprovedDigests.In(evidence) is { IsEmpty: false } approved && !approved.Contains(digest)
            ? new Rejected(Rules.PermitApproval, $"{last.Id} approves {string.Join(", ", approved)}, not {digest}.", approved)
            : null;
    }

    private static string On(RequestPermit request) =>
        (request.Target is { } target ? $" on {target}" : "") + (request.Environment is { } environment ? $" in {environment}" : "");

    /// <summary>The same request again, as by a hook that was called twice: it is answered as it is now.</summary>
    private static Decision Again(PermitState state, World world, PermitFacts facts) =>
        Holds(state, world, facts) is { } refused ? refused : new Decision();

    private static Decision Renew(PermitState state, World world, PermitFacts facts)
    {
        if (world.Caller.Handle != state.Holder) return Rejected.Role(Rules.PermitHolder, $"{state.Id} is held by {state.Holder}.", [state.Holder]);
        if (Holds(state, world, facts) is { } refused) return refused;
        var rule = world.Permits.RuleFor(state.Action, state.Target, state.Environment);
        if (state.BreakGlass is null && rule is null or { Decision: PermitDecision.Forbid })
            return new Rejected(Rules.PermitForbidden, $"The permit policy no longer allows '{state.Action}'.");
        var until = world.Call.At.AddSeconds(state.Seconds);
        return new Decision().Add(ActorId.Permit(state.Id), new PermitRenewed(until)).Add(Ends(state.Id, until));
    }

    /// <summary>Why the action must stop, or null if it may continue.</summary>
    private static Rejected? Holds(PermitState state, World world, PermitFacts facts)
    {
        if (facts.EndedBy is { } halt) return Ended(state.Id, halt);
        if (state.Status != PermitStatus.Open) return Rejected.Conflict(Rules.PermitEnded, $"{state.Id} is {state.Status.ToString().ToLowerInvariant()}.");
        return world.Call.At > state.Until
            ? Rejected.Conflict(Rules.PermitEnded, $"{state.Id} expired at {state.Until:u}; request a new permit.", ["permit_request"])
            : null;
    }

    /// <summary>Reported by its holder; settled by it, the operator or the commander of its incident.</summary>
    private static Decision End(PermitState state, EndPermit end, World world, PermitFacts facts)
    {
        var caller = world.Caller;
        if (caller.Handle != state.Holder && !caller.OutranksHalts && world.Incident(state.IncidentId)?.Commander != caller.Handle)
            return Rejected.Role(Rules.PermitHolder, $"{state.Id} is held by {state.Holder}; the operator may report it too.", [state.Holder, Handle.Operator]);
        if (!state.Unsettled && state.Status != PermitStatus.Closed)
        {
            return state.Status.ToString() == end.Outcome.ToString()
                ? new Decision()
                : Rejected.Conflict(Rules.PermitEnded, $"{state.Id} was reported as {state.Status.ToString().ToLowerInvariant()} by {state.EndedBy}.");
        }

        if (end.Outcome == PermitOutcome.Unknown && state.Status == PermitStatus.Unknown) return new Decision();
        var decision = new Decision()
            .Add(ActorId.Permit(state.Id), new PermitEnded(end.Outcome, end.Notes, facts.EndedBy?.Id))
            .Add(new StopClock(ActorId.Permit(state.Id), Clock));
        if (end.Outcome == PermitOutcome.Unknown && state.Ignored) decision.Add(ActorId.Permit(state.Id), new PermitLapsed(false, facts.EndedBy?.Id));
        return decision;
    }

    private static Decision TimeIsUp(PermitState state, World world, PermitFacts facts) =>
        state.Status != PermitStatus.Open || world.Call.At < state.Until
            ? new Decision()
            : new Decision().Add(ActorId.Permit(state.Id), new PermitLapsed(!state.Ignored, facts.EndedBy?.Id));

    private static StartClock Ends(string id, DateTimeOffset until) =>
        new(ActorId.Permit(id), Clock, until + ReportGrace, new PermitTimeIsUp());
}
