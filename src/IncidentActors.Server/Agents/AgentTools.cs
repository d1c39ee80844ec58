using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Agents;

public sealed record InboxArguments
{
    [Description("The caller's own handle."), JsonConverter(typeof(HandleText))]
    public string? Agent { get; init; }

    [Description("Messages at most, 1 to 1000; 100 when left out.")]
    public int? Limit { get; init; }
}

internal static class AgentTools
{
    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<InboxArguments>(
            new("inbox", "Fetch the inbox", "Begins your turn: open messages with P0 first, your work, what halts cover, and what you find again after a halt. Fetching confirms halts.", Idempotent: true),
            typeof(InboxView), FetchAsync),
    ];

    private static async Task<Outcome> FetchAsync(ToolCall call, InboxArguments given)
    {
        if (call.Mismatch(given.Agent, "agent") is { } mismatch) return mismatch;
        if (Looking.BadLimit(given.Limit) is { } bad) return bad;

        // An inbox is always the present one: a key that replays an old one would hide what came since.
        var answer = await call.Engine.Actors.Agent(call.Call.By).FetchInboxAsync(call.Call with { Key = null }, given.Limit ?? Looking.DefaultLimit);
        return answer.Inbox is { } inbox ? new Accepted(ServerJson.Element(inbox), 0) : answer.Refusal!;
    }
}
