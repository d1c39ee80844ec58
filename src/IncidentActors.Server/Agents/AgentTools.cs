using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Agents;

public sealed record InboxArguments
{
    [Description("The caller's own handle."), JsonConverter(typeof(HandleText))]
    public string? Agent { get; init; }

    [Description("Messages at most, 1 to 1000; 100 when left out.")]
    public int? Limit { get; init; }

    [Description("Seconds to wait for a message if none is there, 0 to 25.")]
    public int? Wait { get; init; }
}

internal static class AgentTools
{
    /// <summary>Seconds; shorter than any tool's time to answer.</summary>
    public const int MaxWait = 25;

    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<InboxArguments>(
            new(
                "inbox",
                "Fetch the inbox",
                "Begins your turn: open messages with P0 first, your work, what halts cover, and what you find again after a halt. Fetching confirms halts.",
                Idempotent: true),
            typeof(InboxView), FetchAsync, CommandAccess.Own),
    ];

    private static async Task<Outcome> FetchAsync(ToolCall call, InboxArguments given)
    {
        if (call.Mismatch(given.Agent, "agent") is { } mismatch) return mismatch;
        if (QueryResults.BadLimit(given.Limit) is { } bad) return bad;

        if (given.Wait is < 0 or > MaxWait) return Arguments.Malformed($"The argument 'wait' must be 0 to {MaxWait} seconds.");
        if (given.Wait is > 0 and { } seconds)
            await call.Engine.Waits.PollAsync(call.Call.By, call.Call.Session, TimeSpan.FromSeconds(seconds), call.Gone);

        var limit = given.Limit ?? QueryResults.DefaultLimit;
        var (by, session) = (call.Call.By, call.Call.Session);

        // An inbox is always the present one: a key that replays an old one would hide what came since.
        var answer = await call.Engine.Actors.Agent(by).FetchInboxAsync(call.Call with { Key = null }, limit);
        if (answer.Inbox is not { } inbox) return answer.Refusal!;
        if (session.Length == 0) return new Accepted(ServerJson.Element(inbox), 0);
        var held = inbox.SetAside.Select(work => work.Id).ToHashSet();
        var taken = await call.Engine.Leases.TakeAsync(by, session, LookAsync, limit, CancellationToken.None);
        var others = await call.Engine.Leases.HeldByOthersAsync(by, session, CancellationToken.None);
        var waiting = others.Count == 0 ? [] : await LookAsync(others.Count + taken.Length);
        return new Accepted(ServerJson.Element(inbox with { Messages = taken, HeldElsewhere = [.. waiting.SelectMany(Held)] }), 0);

        IEnumerable<HeldMessage> Held(MessageView message) => others.TryGetValue(message.Id, out var lease)
            ? [new HeldMessage(message.Id, message.Priority, message.Type, message.Subject, lease.Session, lease.Until)]
            : [];

        async Task<IEnumerable<MessageView>> LookAsync(int most) =>
            (await call.Engine.Journal.InboxAsync(by, most, CancellationToken.None)).Select(one => Engine.Views.Message(one, held.Contains(one.Message.AtpId)));
    }
}
