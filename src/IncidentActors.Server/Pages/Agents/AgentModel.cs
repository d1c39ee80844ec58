using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Pages.Setup;

namespace IncidentActors.Server.Pages.Agents;

/// <summary>One agent: its work, why it is halted, what it has not answered, and its last events.</summary>
/// <param name="State">Null: it has never called.</param>
/// <param name="Halts">Active halts that cover its ordinary work.</param>
/// <param name="Messages">Unacknowledged messages to it, the most pressing first.</param>
/// <param name="LastEvents">Newest first.</param>
public sealed record AgentModel(
    AgentView Agent, AgentState? State, ImmutableArray<HaltRecord> Halts, ImmutableArray<MessageView> Messages, ImmutableArray<ActivityLine> LastEvents)
{
    private const int MaxMessages = 50;
    private const int MaxEvents = 20;

    internal static async Task<AgentModel?> ReadAsync(PageRequest request)
    {
        var handle = Handle.Normalize(request.Route("handle"));
        if (!Handle.IsWellFormed(handle)) return null;
        var journal = request.Engine.Journal;
        if (await request.Engine.Views.AgentAsync(handle) is not { } view) return null;
        var stored = await journal.LoadAsync(ActorId.Agent(handle), request.Aborted);
        var state = stored?.State<AgentState>();
        var subject = HaltPolicy.SubjectOf(state?.Info("") ?? new AgentInfo(handle, view.Roles, view.Team));
        var held = view.SetAside.Select(work => work.Id).ToHashSet();
        var messages = await journal.InboxAsync(handle, MaxMessages, request.Aborted);
        var events = await journal.HistoryAsync(ActorId.Agent(handle), Math.Max(0, view.Version - MaxEvents), MaxEvents, request.Aborted);
        return new AgentModel(
            view, state,
            [.. (await journal.HaltsAsync(null, request.Aborted)).Where(halt => halt.Covers(subject))],
            [.. messages.Select(message => Engine.Views.Message(message, held.Contains(message.Message.AtpId)))],
            [.. events.Reverse().Select(ActivityLine.Of)]);
    }
}
