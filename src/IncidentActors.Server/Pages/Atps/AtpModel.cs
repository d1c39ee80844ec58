using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Approvals;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Approvals;
using IncidentActors.Server.Pages.Clocks;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Atps;

/// <summary>One ATP, and what may be done with it.</summary>
/// <param name="Flow">Its flow at the version that it follows; null if that version is not loaded.</param>
/// <param name="Mine">Unacknowledged messages about it to the visitor.</param>
public sealed record AtpModel(
    AtpState Atp, RunningClock? Due, Flow? Flow, AwaitedStep? Awaited, ImmutableArray<AvailableTransition> Transitions, ImmutableArray<MessageView> Mine,
    ImmutableArray<string> Handles)
{
    /// <summary>Null: not signed in.</summary>
    public AgentInfo? Caller { get; init; }

    /// <summary>Questions about it that wait for an answer.</summary>
    public ImmutableArray<DecisionModel> Decisions { get; init; } = [];

    /// <summary>What was handed over last, or null.</summary>
    public HandoffText? Handoff { get; init; }

    private const int MaxMessages = 200;

    internal static async Task<AtpModel?> ReadAsync(PageRequest request)
    {
        var id = request.Route("id");
        if (!IdText.IsWellFormed(id) || await request.Engine.Journal.LoadAsync(ActorId.Atp(id), request.Aborted) is not { } stored) return null;
        var atp = stored.State<AtpState>();
        var options = request.Engine.Options;
        var flow = options.Flows.Find(atp.Flow, atp.FlowVersion);
        var clocks = new ClockReader(request);
        var messages = request.Visitor.Handle is { } handle ? await request.Engine.Journal.InboxAsync(handle, MaxMessages, request.Aborted) : [];
        return new AtpModel(
            atp, await clocks.OfAsync(atp), flow, AwaitedStep.Of(atp, options),
            flow is null || atp.Finished
                ? []
                : [.. AwaitedStep.Ways(flow, atp.Status, atp.History).Select(row => AvailableTransition.Of(row, atp, flow, options.Roster))],
            [.. messages.Where(message => message.Message.AtpId == id).Select(message => Engine.Views.Message(message, false))],
            [.. options.Roster.Members.Select(member => member.Handle)])
        {
            Caller = await request.CallerAsync(),
            Decisions = await DecisionModel.OpenAsync(request, clocks, atp.Approvals),
            Handoff = await HandoffText.LastAsync(request.Engine.Journal, atp, request.Aborted),
        };
    }
}
