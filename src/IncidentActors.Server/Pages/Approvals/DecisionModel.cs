using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Approvals;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Atps;
using IncidentActors.Server.Pages.Clocks;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Approvals;

/// <summary>Everything that a person needs to decide one approval.</summary>
/// <param name="Incident">The incident that it belongs to, or null.</param>
/// <param name="Handoff">The text that was handed over; null if nothing was.</param>
/// <param name="Next">What the ATP waits for now; null if it is finished.</param>
public sealed record DecisionModel(
    ApprovalView Approval, RunningClock Clock, IncidentState? Incident, AtpState? Atp, HandoffText? Handoff, AwaitedStep? Next)
{
    /// <summary>What to call the ATP: its title, or its id where the incident has the same title.</summary>
    public string Work => Atp is null || Atp.Title == Incident?.Title ? Approval.AtpId : Atp.Title;

    /// <summary>What the step needs besides this decision.</summary>
    public ImmutableArray<Requirement> Needs { get; init; } = [];

    /// <summary>What approving leads to, in words; null: the flow is not loaded.</summary>
    public string? Approves { get; init; }

    /// <summary>What rejecting leads to, in words; null: the flow is not loaded.</summary>
    public string? Rejects { get; init; }

    /// <summary>Who does what after an approval: <c>@sre moves it to Deployed</c>; null: the flow is not loaded.</summary>
    public string? AfterApproval { get; init; }

    private bool VerifiesGates { get; init; }

    /// <summary>Approving verifies it: a gate of a flow where the approval says so.</summary>
    public bool Answers(Requirement need) => VerifiesGates && need.Refusal?.Rule == Rules.GateOpen;

    /// <summary>The open ones among an ATP's approvals.</summary>
    internal static async Task<ImmutableArray<DecisionModel>> OpenAsync(PageRequest request, ClockReader clocks, IEnumerable<AtpApproval> approvals)
    {
        var open = ImmutableArray.CreateBuilder<DecisionModel>();
        foreach (var approval in approvals.Where(one => one.Status == AtpApprovalStatus.Open))
        {
            if (await request.Engine.Journal.LoadAsync(ActorId.Approval(approval.Id), request.Aborted) is not { } stored) continue;
            open.Add(await OfAsync(
                request, clocks, ApprovalView.Of(stored.State<ApprovalState>(), stored.Version)));
        }

        return open.ToImmutable();
    }

    internal static async Task<DecisionModel?> ReadAsync(PageRequest request)
    {
        var id = request.Route("id");
        if (!IdText.IsWellFormed(id) || await request.Engine.Journal.LoadAsync(ActorId.Approval(id), request.Aborted) is not { } stored) return null;
        return await OfAsync(
            request, new ClockReader(request), ApprovalView.Of(stored.State<ApprovalState>(), stored.Version));
    }

    internal static async Task<DecisionModel> OfAsync(PageRequest request, ClockReader clocks, ApprovalView approval)
    {
        var atp = await request.Engine.Journal.StateAsync<AtpState>(ActorId.Atp(approval.AtpId), request.Aborted);
        return new DecisionModel(
            approval,
            await clocks.OfAsync(approval),
            approval.IncidentId is null ? null : await request.Engine.Journal.StateAsync<IncidentState>(ActorId.Incident(approval.IncidentId), request.Aborted),
            atp,
            atp is null ? null : await HandoffText.LastAsync(request.Engine.Journal, atp, request.Aborted),
            atp is null ? null : AwaitedStep.Of(atp, request.Engine.Options)).With(request.Engine.Options);
    }

    private DecisionModel With(EngineOptions options)
    {
        if (Atp is null || options.Flows.Find(Atp.Flow, Atp.FlowVersion) is not { } flow) return this;
        if (flow.Rows.FirstOrDefault(row => row.Number == Approval.Row) is not { Requires.Approval: { } asked } row) return this;
        var to = row.Automatic ? $"it moves to {row.To}" : $"{AwaitedStep.WhoTakes(row, Atp.Owner, options.Roster)} moves it to {row.To}";
        var back = asked.RejectTo is { } earlier
            ? flow.From(earlier).FirstOrDefault(next => !next.Automatic && !next.Tools.Contains("message_ack"))
            : null;
        return this with
        {
            Needs = [.. AtpRequirements.Explain(Atp, row, flow).Where(need => need.Refusal?.Rule != Rules.ApprovalNeeded)],
            VerifiesGates = asked.VerifiesGates,
            AfterApproval = to,
            Approves = $"Approve: {to}",
            Rejects = asked.RejectTo is null ? $"Reject: it stays in {row.From}"
                : $"Send it back to {(back is null ? "" : $"{AwaitedStep.WhoTakes(back, Atp.Owner, options.Roster)}: ")}{asked.RejectTo}",
        };
    }
}
