using System.Text.Json.Nodes;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Permits;

/// <summary>Hooks of agent programs over HTTP; <c>incident hook</c> calls the same.</summary>
internal static class HookEndpoints
{
    private static readonly string[] Programs = ["claude-code", "codex", "cursor"];

    public static void MapHooks(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/hooks/{program}", AnswerAsync)
            .Write<JsonObject, JsonObject>("Permits", "The hook of claude-code, codex or cursor: its own JSON in, its own JSON out.");

    private static async Task<IResult> AnswerAsync(string program, HttpContext http, RunningEngine engine)
    {
        if (!Programs.Contains(program))
        {
            return Answer.Of(Rejected.Unknown(
                Rules.ArgumentUnknown, $"There is no hook for that program; there are {string.Join(", ", Programs)}.", [.. Programs]));
        }

        var (call, refusal) = CallReader.Write(http.Request);
        if (call is null) return Answer.Of(refusal!);
        if (AccessPolicy.Check(TokenGate.Shown(http)?.Rights, "the hook", changes: true, CommandAccess.Own) is { } forbidden) return Answer.Of(forbidden);
        var (body, problem) = await Body.ReadAsync(http.Request, Body.WebhookLimit, http.RequestAborted, stored: false);
        if (problem is not null) return Answer.Of(problem);
        var hook = program == "cursor" ? HookCall.OfCursor(body) : HookCall.OfClaude(body);
        if (call.Session.Length == 0 && hook.Session.Length is > 0 and <= 255 && !hook.Session.Any(char.IsControl)) call = call with { Session = hook.Session };
        var (blocked, context) = await new AgentHook(engine, call).AnswerAsync(hook);
        return Answer.Json(program == "cursor" ? AgentHook.ForCursor(hook, blocked, context) : AgentHook.ForClaude(hook, blocked, context));
    }
}
