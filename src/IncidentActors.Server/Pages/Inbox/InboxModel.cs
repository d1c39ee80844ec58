using System.Collections.Immutable;
using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Approvals;
using IncidentActors.Server.Pages.Clocks;
using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Pages.Inbox;

/// <summary>What waits for the visitor.</summary>
/// <param name="Approvals">Open ones that the visitor may decide, the most pressing first.</param>
/// <param name="Decided">The latest decisions of the visitor's roles, newest first.</param>
/// <param name="Resumed">Work that is found again after a halt; repeated for a minute.</param>
public sealed record InboxModel(
    string Handle,
    ImmutableArray<DecisionModel> Approvals,
    ImmutableArray<ApprovalView> Decided,
    ImmutableArray<MessageView> Messages,
    ImmutableArray<WorkView> Work,
    ImmutableArray<WorkView> SetAside, ImmutableArray<string> Resumed, ImmutableArray<MessageGroup> Groups, Problem? Problem)
{
    /// <summary>What changed while halts covered the visitor; repeated for a minute.</summary>
    public ImmutableArray<HaltBriefing> Briefing { get; init; } = [];

    private const int MaxApprovals = 50;
    private const int MaxDecided = 8;
    private const int MaxMessages = 50;

    internal static async Task<InboxModel> ReadAsync(PageRequest request)
    {
        var handle = request.Visitor.Handle!;
        var (inbox, problem) = request.Following || request.Form is not null || request.Visitor.Token?.ReadOnly == true
            ? (await LookAsync(request, handle), null)
            : await FetchAsync(request, handle);
        var open = (await ApprovalsAsync(request, "open", MaxApprovals)).Where(request.MayDecide);
        var clocks = new ClockReader(request);
        var waiting = new List<DecisionModel>();
        foreach (var approval in open) waiting.Add(await DecisionModel.OfAsync(request, clocks, approval));
        var decided = new List<ApprovalView>();
        foreach (var status in new[] { "approved", "rejected", "voided" }) decided.AddRange(await ApprovalsAsync(request, status, MaxDecided));
        // What asks for a decision is the decision's card.
        var asking = waiting.SelectMany(one => one.Atp is { } atp
            ? atp.OpenMessages.Where(message => message.Value.About == one.Approval.Id).Select(message => atp.MessageId(message.Key))
            : []).ToHashSet();
        var messages = inbox.Messages.RemoveAll(message => asking.Contains(message.Id));
        return new InboxModel(
            handle,
            [.. waiting.OrderBy(one => one.Clock.Due)],
            [.. decided.Where(request.MayDecide).OrderByDescending(approval => approval.DecidedAt).Take(MaxDecided)],
            messages, inbox.Work, inbox.SetAside, inbox.Resumed, await GroupsAsync(request, messages), problem)
        {
            Briefing = inbox.Briefing,
        };
    }

    /// <summary>The messages by incident. A group's position is that of its most pressing message.</summary>
    private static async Task<ImmutableArray<MessageGroup>> GroupsAsync(PageRequest request, ImmutableArray<MessageView> messages)
    {
        var groups = ImmutableArray.CreateBuilder<MessageGroup>();
        foreach (var group in messages.GroupBy(message => message.IncidentId ?? ""))
        {
            var stored = group.Key.Length == 0 ? null : await request.Engine.Journal.LoadAsync(ActorId.Incident(group.Key), request.Aborted);
            groups.Add(new MessageGroup(stored?.State<IncidentState>(), [.. group]));
        }

        return groups.ToImmutable();
    }

    /// <summary>Opening one's inbox is fetching it: it begins the turn and confirms halts, as for every agent.</summary>
    private static async Task<(InboxView Inbox, Problem? Problem)> FetchAsync(PageRequest request, string handle)
    {
        var visitor = request.Visitor;
        var call = new Call { At = default, Seed = "", By = handle, Token = visitor.Token?.Id, Roles = visitor.Token?.Roles, Team = visitor.Token?.Team };
        var arguments = JsonDocument.Parse($$"""{"limit":{{MaxMessages}}}""").RootElement;
        return await ToolCatalogue.Find("inbox")!.InvokeAsync(new ToolCall(request.Engine, call, arguments, visitor.Token)) switch
        {
            Accepted accepted => (accepted.Answer.Deserialize(ServerJson.Info<InboxView>())!, null),
            Rejected rejected => (await LookAsync(request, handle), Problem.Of(rejected)),
            Unavailable unavailable => (await LookAsync(request, handle), Problem.Of(unavailable)),
            _ => throw new InvalidOperationException("no such outcome"),
        };
    }

    private static async Task<InboxView> LookAsync(PageRequest request, string handle)
    {
        var agent = await request.Engine.Views.AgentAsync(handle);
        var held = agent?.SetAside.Select(work => work.Id).ToHashSet() ?? [];
        var messages = await request.Engine.Journal.InboxAsync(handle, MaxMessages, request.Aborted);
        return new InboxView(
            handle, agent?.Halts ?? [], [.. messages.Select(message => Engine.Views.Message(message, held.Contains(message.Message.AtpId)))],
            agent?.Work ?? [], agent?.SetAside ?? [], []);
    }

    private static async Task<IEnumerable<ApprovalView>> ApprovalsAsync(PageRequest request, string status, int limit) =>
        (await request.Engine.Journal.ListAsync(new ActorFilter(ActorKind.Approval) { Status = status, Limit = limit }, request.Aborted)).Actors
            .Select(stored => ApprovalView.Of(stored.State<ApprovalState>(), stored.Version));
}

/// <summary>Messages about one incident, or about none.</summary>
public sealed record MessageGroup(IncidentState? Incident, ImmutableArray<MessageView> Messages);
