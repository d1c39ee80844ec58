using System.Text.Json.Nodes;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Texts;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Permits;

/// <summary>
/// Answers the hooks of agent programs: before a tool is used its permit is asked for, after it the permit is ended, and when a session or a
/// prompt begins the answer names the halts that cover the agent. When a turn ends after a halt was lifted, the agent is made to go on once with what
/// changed meanwhile. A tool's use that could not be checked is blocked unless the policy says that it only reads.
/// </summary>
internal sealed class AgentHook(RunningEngine engine, Call call)
{
    private const string Path = "hook";
    private const int MaxLineLength = 1000;

    /// <summary>Why the use is blocked, and context for the agent; both null: neither.</summary>
    public async Task<(string? Blocked, string? Context)> AnswerAsync(HookCall hook) => hook.Kind switch
    {
        HookKind.Before => (await BeforeAsync(hook), null),
        HookKind.Done => await EndedAsync(hook, PermitOutcome.Done),
        HookKind.Failed => await EndedAsync(hook, PermitOutcome.Failed),
        HookKind.Begins => (null, (await BriefAsync()).Text),
        HookKind.Ends when !hook.MustEnd => await BriefAsync() is (var text, true) ? (text, null) : (null, null),
        _ => (null, null),
    };

    private async Task<string?> BeforeAsync(HookCall hook)
    {
        var policy = engine.Options.Permits;
        if (policy.RuleForTool(hook.Tool, hook.Text) is not { } tool) return $"The policy names no action for the tool {hook.Tool}, so it may not be used.";
        if (tool.Action is not { } action) return null;
        var request = new RequestPermit(action, tool.Target, tool.Environment, Path: Path);
        return await engine.Permits.RequestAsync(request, call, hook.PermitId(call.By)) switch
        {
            Accepted => null,
            Rejected { Halt: { } halt } => Halted(halt),
            Rejected rejected => $"{rejected.Sentence} ({rejected.Rule})",
            Unavailable away => policy.RuleFor(action, tool.Target, tool.Environment)?.Reads == true
                ? null
                : $"It is unknown whether a halt is active: {away.Sentence} Wait and try again.",
            _ => null,
        };
    }

    private static string Halted(HaltNotice halt) =>
        $"HALT {halt.Id} ({halt.Scope}) by {halt.RaisedBy} since {halt.RaisedAt:u}: {SafeText.OneLine(halt.Reason)}. This action is not started. "
        + "Do not look for another way to do it; leave the work as it is, fetch your inbox, and go on when the halt is lifted.";

    private async Task<(string? Blocked, string? Context)> EndedAsync(HookCall hook, PermitOutcome outcome)
    {
        var id = hook.PermitId(call.By);
        if (await engine.Permits.GetAsync(id, CancellationToken.None) is { EndedAt: null })
            await engine.Permits.DoAsync(id, new EndPermit(outcome), call);
        return (null, null);
    }

    /// <summary>Fetching the inbox confirms the halts and gives back what was set aside.</summary>
    /// <returns>Fresh: it tells for the first time of a halt that is over.</returns>
    private async Task<(string? Text, bool Fresh)> BriefAsync()
    {
        var fetched = await engine.Actors.Agent(call.By).FetchInboxAsync(call with { Key = null }, limit: 20);
        if (fetched.Inbox is not { } inbox) return (null, false);
        var lines = new List<string>();
        foreach (var halt in inbox.Halts) lines.Add($"HALT {halt.Id} ({halt.Scope}) since {halt.RaisedAt:u}: {halt.Reason}. Do not start what it covers.");
        if (!inbox.SetAside.IsEmpty) lines.Add($"Set aside until it is lifted: {string.Join(", ", inbox.SetAside.Select(work => work.Id))}.");
        if (!inbox.Resumed.IsEmpty) lines.Add($"Halts over you were lifted. Found again, in order: {string.Join(", ", inbox.Resumed)}.");
        lines.AddRange(inbox.Briefing.SelectMany(briefing => briefing.Sentences()));
        lines.AddRange(inbox.Messages.Select(message => $"{message.Priority}: {message.Subject} ({message.Id} from {message.From})"));
        return (
            lines.Count == 0 ? null : $"IncidentActors, as {call.By}:\n{string.Join('\n', lines.Select(line => SafeText.OneLine(line, MaxLineLength)))}",
            inbox.Briefing.Any(briefing => briefing.Again is null));
    }

    /// <summary>As Claude Code and Codex read it.</summary>
    public static JsonObject ForClaude(HookCall hook, string? blocked, string? context)
    {
        if (blocked is null && context is null) return [];
        if (hook.Kind == HookKind.Ends) return new JsonObject { ["decision"] = "block", ["reason"] = blocked };
        var output = new JsonObject { ["hookEventName"] = hook.Event };
        if (blocked is not null)
        {
            output["permissionDecision"] = "deny";
            output["permissionDecisionReason"] = blocked;
        }
        else
        {
            output["additionalContext"] = context;
        }

        return new JsonObject { ["hookSpecificOutput"] = output };
    }

    /// <summary>As Cursor reads it, by its present names and by those of its first version.</summary>
    public static JsonObject ForCursor(HookCall hook, string? blocked, string? context)
    {
        if (hook.Kind == HookKind.Begins) return context is null ? [] : new JsonObject { ["additional_context"] = context };
        if (hook.Kind == HookKind.Ends) return blocked is null ? [] : new JsonObject { ["followup_message"] = blocked };
        if (hook.Kind != HookKind.Before) return [];
        var answer = new JsonObject { ["permission"] = blocked is null ? "allow" : "deny" };
        if (blocked is null) return answer;
        foreach (var name in (string[])["user_message", "agent_message", "userMessage", "agentMessage"]) answer[name] = blocked;
        return answer;
    }
}
