using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Pages.Atps;
using IncidentActors.Server.Pages.Clocks;
using IncidentActors.Server.Pages.Incidents;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Now;

/// <summary>What is broken, what is stopped, who does what, what waits.</summary>
/// <param name="Incidents">Open ones: not mitigated, mitigated, resolved; within these the most severe first, then the newest.</param>
/// <param name="Next">Cursor of the incidents that are not shown, or null.</param>
/// <param name="Approvals">Those that the visitor may decide; all for a visitor who is not signed in.</param>
/// <param name="Owed">Postmortems that are not closed yet, then follow-ups with a due time, the earliest first.</param>
/// <param name="Outside">What does not come in or go out.</param>
public sealed record NowModel(
    ImmutableArray<IncidentLine> Incidents, string? Next, ImmutableArray<WaitingApproval> Approvals, AgentLines Agents, ImmutableArray<OwedWork> Owed,
    Outside Outside)
{
    private const int MaxUnsettled = 20;

    /// <summary>Outside actions with an unknown outcome.</summary>
    public ImmutableArray<PermitView> Unsettled { get; init; } = [];

    /// <summary>Steps of open ATPs that the visitor takes next, without the decisions.</summary>
    public ImmutableArray<(AtpState Atp, AwaitedStep Step)> Steps { get; init; } = [];

    /// <summary>Halts that nothing needs any more.</summary>
    public ImmutableArray<LeftHalt> LeftHalts { get; init; } = [];

    private const int MaxIncidents = 40;
    private const int MaxApprovals = 20;
    private const int MaxSteps = 10;
    private const int MaxOwed = 10;
    private const string Postmortem = "postmortem";

    /// <summary>Open ATPs that are read for agents and next steps, the most pressing first.</summary>
    private const int MaxAtps = 200;

    internal static async Task<NowModel> ReadAsync(PageRequest request)
    {
        var journal = request.Engine.Journal;
        var incidents = await journal.ListAsync(
            new ActorFilter(ActorKind.Incident) { Open = true, Limit = MaxIncidents, Cursor = request.Query("after") }, request.Aborted);
        var atps = await request.Engine.Journal.StatesAsync<AtpState>(new ActorFilter(ActorKind.Atp) { Open = true, Limit = MaxAtps }, request.Aborted);
        var steps = atps.Where(atp => atp.IncidentId is not null).GroupBy(atp => atp.IncidentId!).ToDictionary(
            group => group.Key,
            group => group
                .OrderBy(atp => atp.CreatedAt)
                .Select(atp => AwaitedStep.Of(atp, request.Engine.Options))
                .FirstOrDefault(step => step is not null));
        var clocks = new ClockReader(request);
        var lines = ImmutableArray.CreateBuilder<IncidentLine>();
        var known = new Dictionary<string, IncidentState>();
        foreach (var stored in incidents.Actors)
        {
            var state = stored.State<IncidentState>();
            known[state.Id] = state;
            var view = IncidentView.Of(state, stored.Version);
            lines.Add(new IncidentLine(view, await IncidentClock.OfAsync(clocks, view), steps.GetValueOrDefault(view.Id)));
        }

        var waiting = ImmutableArray.CreateBuilder<WaitingApproval>();
        var approvals = await journal.ListAsync(new ActorFilter(ActorKind.Approval) { Status = "open", Limit = MaxApprovals }, request.Aborted);
        foreach (var stored in approvals.Actors)
        {
            var approval = ApprovalView.Of(stored.State<ApprovalState>(), stored.Version);
            if (request.Visitor.Handle is null || request.MayDecide(approval)) waiting.Add(new WaitingApproval(
                approval, await clocks.OfAsync(approval), approval.IncidentId is null ? null : await IncidentAsync(request, known, approval.IncidentId)));
        }

        var owed = ImmutableArray.CreateBuilder<OwedWork>();
        var postmortems = await request.Engine.Journal.StatesAsync<AtpState>(
            new ActorFilter(ActorKind.Atp) { Open = true, Flow = Postmortem, Limit = MaxOwed }, request.Aborted);
        var followUps = atps.Where(atp => atp is { ParentAtpId: not null, DueAt: not null } && atp.Flow != Postmortem).OrderBy(atp => atp.DueAt);
        foreach (var atp in postmortems.Concat(followUps.Take(MaxOwed))) owed.Add(await OwedWork.OfAsync(request, clocks, atp));
        var left = ImmutableArray.CreateBuilder<LeftHalt>();
        foreach (var halt in await journal.HaltsAsync(null, request.Aborted))
        {
            if (halt is { Active: true, Incident: { } of } && await IncidentAsync(request, known, of) is { } incident && !incident.Status.IsOngoing())
                left.Add(new LeftHalt(halt, incident));
        }

        return new NowModel(
            [.. lines.OrderBy(line => Attention(line))],
            incidents.Next,
            waiting.ToImmutable(),
            await AgentLines.ReadAsync(request, atps, known),
            owed.ToImmutable(),
            await Outside.ReadAsync(request))
        {
            Steps = [.. atps.Select(atp => (Atp: atp, Step: AwaitedStep.Of(atp, request.Engine.Options)!))
                .Where(one => request.Visitor.Handle is { } handle && one.Step is { Approval: null } step && step.Who == handle).Take(MaxSteps)],
            LeftHalts = left.ToImmutable(),
            Unsettled = (await request.Engine.Permits.ListAsync(
                new ActorFilter(ActorKind.Permit) { Open = true, Rank = 0, Limit = MaxUnsettled }, request.Aborted)).Items,
        };
    }

    /// <summary>What burns comes first: not mitigated before mitigated before resolved; within these the list's order, most severe first.</summary>
    private static int Attention(IncidentLine line) => line.View.Status switch
    {
        IncidentStatus.Resolved => 2,
        IncidentStatus.Monitoring => 1,
        _ => 0,
    };

    /// <param name="known">Those that were read already; a further one is added.</param>
    private static async Task<IncidentState?> IncidentAsync(PageRequest request, Dictionary<string, IncidentState> known, string id)
    {
        if (known.TryGetValue(id, out var there)) return there;
        if (await request.Engine.Journal.LoadAsync(ActorId.Incident(id), request.Aborted) is not { } stored) return null;
        return known[id] = stored.State<IncidentState>();
    }
}

/// <summary>An open incident with its running clocks and what it waits for.</summary>
public sealed record IncidentLine(IncidentView View, ImmutableArray<IncidentClock> Clocks, AwaitedStep? Next);

/// <param name="Clock">Until its timeout decides.</param>
public sealed record WaitingApproval(ApprovalView Approval, RunningClock Clock, IncidentState? Incident);

/// <summary>A halt that is still active although its incident is over.</summary>
public sealed record LeftHalt(HaltRecord Halt, IncidentState Incident);

/// <param name="Who">Takes its next step; null: nobody owns it yet.</param>
/// <param name="Due">Null: it has no due time.</param>
public sealed record OwedWork(AtpState Atp, string? Who, RunningClock? Due)
{
    internal static async Task<OwedWork> OfAsync(PageRequest request, ClockReader clocks, AtpState atp) =>
        new(atp, AwaitedStep.Of(atp, request.Engine.Options)?.Who ?? atp.Owner, await clocks.OfAsync(atp));
}
