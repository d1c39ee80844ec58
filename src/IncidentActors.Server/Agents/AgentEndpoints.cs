using System.Globalization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Agents;

internal static class AgentEndpoints
{
    private static readonly Tool Inbox = ToolCatalogue.Find("inbox")!;

    private const int MaxSeconds = 60;

    public static void MapAgents(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/agents/{handle}", GetAsync)
            .Read<AgentView>("Agents", "One agent: its work, what it has set aside, and the halts that cover it.");
        app.MapGet("/api/agents/{handle}/inbox", InboxAsync)
            .Read<InboxView>(
                "Agents",
                "The agent's inbox, P0 first. Fetched by the agent itself (X-Agent) it begins its turn and confirms halts; "
                + "others only read it. wait=30s waits for a message if none is there.");
    }

    private static async Task<IResult> GetAsync(string handle, RunningEngine engine)
    {
        if (Named(handle) is not { } name) return NotAHandle(handle);
        return await engine.Views.AgentAsync(name) is { } view ? Answer.Json(view) : Answer.Of(AgentDecider.Unknown(name));
    }

    private static async Task<IResult> InboxAsync(string handle, string? limit, string? wait, HttpContext http, RunningEngine engine)
    {
        if (Named(handle) is not { } name) return NotAHandle(handle);
        var (call, refusal) = CallReader.Read(http.Request);
        if (refusal is not null) return Answer.Of(refusal);
        var (seconds, wrong) = Waiting(wait);
        if (wrong is not null) return Answer.Of(wrong);
        if (seconds > 0)
            await engine.Waits.PollAsync(name, call?.By == name ? call.Session : "", TimeSpan.FromSeconds(seconds), http.RequestAborted);

        if (call?.By == name) return await Invocation.GetAsync(http, Inbox, ("limit", limit));
        var most = QueryResults.DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, out most) || QueryResults.BadLimit(most) is not null)) return Answer.Of(QueryResults.BadLimit(0)!);
        return await LookAsync(engine, name, most) is { } view ? Answer.Json(view) : Answer.Of(AgentDecider.Unknown(name));
    }

    /// <summary>The inbox as it is, without beginning the agent's turn; null: not known.</summary>
    private static async Task<InboxView?> LookAsync(RunningEngine engine, string handle, int limit)
    {
        if (await engine.Views.AgentAsync(handle) is not { } agent) return null;
        var held = agent.SetAside.Select(work => work.Id).ToHashSet();
        var messages = await engine.Journal.InboxAsync(handle, limit, CancellationToken.None);
        return new InboxView(
            handle, agent.Halts, [.. messages.Select(message => Engine.Views.Message(message, held.Contains(message.Message.AtpId)))],
            agent.Work, agent.SetAside, []);
    }

    /// <summary><c>30s</c> or <c>30</c>.</summary>
    private static (int Seconds, Rejected? Wrong) Waiting(string? wait) =>
        wait is null ? (0, null)
        : int.TryParse(wait.EndsWith('s') ? wait[..^1] : wait, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= MaxSeconds ? (seconds, null)
        : (0, Arguments.Malformed($"The argument 'wait' must be 0s to {MaxSeconds}s, such as '30s'."));

    private static string? Named(string text) => Handle.Normalize(text) is var handle && Handle.IsWellFormed(handle) ? handle : null;

    private static IResult NotAHandle(string text) =>
        Answer.Of(Arguments.Malformed($"'{Shortened.To(text, 60)}' is not a handle; one looks like '@dev'."));
}
