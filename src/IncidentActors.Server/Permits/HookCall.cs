using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IncidentActors.Server.Permits;

/// <summary>What an agent program tells its hook, whichever program it is.</summary>
/// <param name="Kind">What is about to happen, or has.</param>
/// <param name="Event">The program's own name of it: <c>PreToolUse</c>.</param>
/// <param name="Tool">Name of the tool that is used.</param>
/// <param name="Text">The command that the tool runs, or the file that it changes; empty: neither.</param>
/// <param name="UseId">Distinguishes this use of the tool from every other of the session.</param>
internal sealed record HookCall(HookKind Kind, string Event, string Session, string Tool, string Text, string UseId)
{
    /// <summary>The program ends its turn for another reason than having finished, or a hook has already made it go on: it is let go.</summary>
    public bool MustEnd { get; init; }

    /// <summary>Claude Code and Codex: <c>hook_event_name</c>, <c>session_id</c>, <c>tool_name</c>, <c>tool_input</c>, <c>tool_use_id</c>,
    /// <c>stop_hook_active</c>.</summary>
    public static HookCall OfClaude(JsonElement body)
    {
        var name = TextOf(body, "hook_event_name") ?? "";
        var kind = name switch
        {
            "PreToolUse" => HookKind.Before,
            "PostToolUse" => HookKind.Done,
            "PostToolUseFailure" => HookKind.Failed,
            "SessionStart" or "UserPromptSubmit" => HookKind.Begins,
            "Stop" => HookKind.Ends,
            _ => HookKind.Other,
        };
        var input = body.TryGetProperty("tool_input", out var given) ? given : default;
        var text = TextOf(input, "command") ?? TextOf(input, "file_path") ?? TextOf(input, "url") ?? "";
        var session = TextOf(body, "session_id") ?? "";
        var tool = TextOf(body, "tool_name") ?? "";
        var use = TextOf(body, "tool_use_id") ?? $"{tool} {(input.ValueKind == JsonValueKind.Undefined ? "" : input.GetRawText())}";
        return new HookCall(kind, name, session, tool, text, use)
        {
            MustEnd = body.TryGetProperty("stop_hook_active", out var active) && active.ValueKind == JsonValueKind.True,
        };
    }

    /// <summary>Cursor: <c>beforeShellExecution</c> with <c>command</c>, <c>beforeMCPExecution</c> with <c>tool_name</c>, <c>stop</c> with
    /// <c>status</c> and <c>loop_count</c>.</summary>
    public static HookCall OfCursor(JsonElement body)
    {
        var name = TextOf(body, "hook_event_name") ?? "";
        var kind = name switch
        {
            "beforeShellExecution" or "beforeMCPExecution" => HookKind.Before,
            "afterShellExecution" or "afterMCPExecution" => HookKind.Done,
            "sessionStart" or "beforeSubmitPrompt" => HookKind.Begins,
            "stop" => HookKind.Ends,
            _ => HookKind.Other,
        };
        var session = TextOf(body, "conversation_id") ?? "";
        var isMcp = name.EndsWith("MCPExecution", StringComparison.Ordinal);
        var tool = isMcp ? $"mcp__{TextOf(body, "tool_name")}" : "Bash";
        var text = isMcp ? TextOf(body, "tool_input") ?? "" : TextOf(body, "command") ?? "";
        return new HookCall(kind, name, session, tool, text, $"{TextOf(body, "generation_id")} {tool} {text}")
        {
            MustEnd = TextOf(body, "status") != "completed" || (body.TryGetProperty("loop_count", out var loops) && loops.ToString() != "0"),
        };
    }

    /// <summary>The id of the use's permit: the same before and after the use, and however often the hook is called.</summary>
    public string PermitId(string handle) =>
        "PRM-H" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{handle}\n{Session}\n{UseId}")))[..20];

    private static string? TextOf(JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is not text; as it was written it can still be compared.
            return value.GetRawText();
        }
    }
}

internal enum HookKind
{
    Other,

    /// <summary>A session or a prompt begins.</summary>
    Begins,

    /// <summary>A tool is about to be used.</summary>
    Before,
    Done,
    Failed,

    /// <summary>The program is about to end its turn.</summary>
    Ends,
}
