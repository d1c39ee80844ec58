using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Pages.Atps;
using IncidentActors.Server.Pages.Clocks;
using IncidentActors.Server.Pages.Incidents;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Now;

/// <summary>What is broken, what is stopped, who does what, what waits.</summary>
/// <param name="Incidents">Open ones, most severe first, then newest.</param>
/// <param name="Next">Cursor of the incidents that are not shown, or null.</param>
/// <param name="Approvals">Those that the visitor may decide; all, when nobody has signed in.</param>
/// <param name="Owed">Postmortems that are not closed yet.</param>
public sealed record NowModel(
    ImmutableArray<IncidentLine> Incidents, string? Next, ImmutableArray<WaitingApproval> Approvals, AgentLines Agents, ImmutableArray<OwedPostmortem> Owed)
{
    private const int MostIncidents = 40;
    private const int MostApprovals = 20;
    private const int MostOwed = 10;

    /// <summary>Open ATPs that are read for agents and next steps, the most pressing first.</summary>
    private const int MostAtps = 200;

    internal static async Task<NowModel> ReadAsync(PageRequest request)
    {
        var journal = request.Engine.Journal;
        var incidents = await journal.ListAsync(
            new ActorFilter(ActorKind.Incident) { Open = true, Limit = MostIncidents, Cursor = request.Query("after") }, request.Aborted);
        var atps = await StatesAsync<AtpState>(request, new ActorFilter(ActorKind.Atp) { Open = true, Limit = MostAtps });
        var steps = atps.Where(atp => atp.IncidentId is not null).GroupBy(atp => atp.IncidentId!).ToDictionary(
            group => group.Key,
            group => group
                .OrderBy(atp => atp.CreatedAt)
                .Select(atp => AwaitedStep.Of(atp, request.Engine.Options))
                .FirstOrDefault(step => step is not null));
        var clocks = new ClockReader(request);
        var lines = ImmutableArray.CreateBuilder<IncidentLine>();
        var urgent = new HashSet<string>();
        foreach (var stored in incidents.Actors)
        {
            var state = (IncidentState)States.Read(ActorKind.Incident, stored.Document.Span);
            if (state.Urgent) urgent.Add(state.Id);
            var view = IncidentView.Of(state, stored.Version);
            lines.Add(new IncidentLine(view, await IncidentClock.OfAsync(clocks, view), steps.GetValueOrDefault(view.Id)));
        }

        var waiting = ImmutableArray.CreateBuilder<WaitingApproval>();
        var approvals = await journal.ListAsync(new ActorFilter(ActorKind.Approval) { Status = "open", Limit = MostApprovals }, request.Aborted);
        foreach (var stored in approvals.Actors)
        {
            var approval = ApprovalView.Of((ApprovalState)States.Read(ActorKind.Approval, stored.Document.Span), stored.Version);
            if (request.Visitor.Handle is null || request.MayDecide(approval)) waiting.Add(new WaitingApproval(approval, await clocks.OfAsync(approval)));
        }

        var owed = ImmutableArray.CreateBuilder<OwedPostmortem>();
        foreach (var atp in await StatesAsync<AtpState>(request, new ActorFilter(ActorKind.Atp) { Open = true, Flow = "postmortem", Limit = MostOwed }))
            owed.Add(new OwedPostmortem(atp, await clocks.OfAsync(atp)));
        return new NowModel(
            lines.ToImmutable(),
            incidents.Next,
            waiting.ToImmutable(),
            await AgentLines.ReadAsync(request, atps, urgent),
            owed.ToImmutable());
    }

    private static async Task<ImmutableArray<TState>> StatesAsync<TState>(PageRequest request, ActorFilter filter)
        where TState : IActorState =>
        [.. (await request.Engine.Journal.ListAsync(filter, request.Aborted)).Actors.Select(stored => (TState)States.Read(filter.Kind, stored.Document.Span))];
}

/// <summary>An open incident with its running clocks and what it waits for.</summary>
public sealed record IncidentLine(IncidentView View, ImmutableArray<IncidentClock> Clocks, AwaitedStep? Next);

/// <param name="Clock">Until its timeout decides.</param>
public sealed record WaitingApproval(ApprovalView Approval, RunningClock Clock);

/// <param name="Due">Null: it has no due time.</param>
public sealed record OwedPostmortem(AtpState Atp, RunningClock? Due);
