using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Permits;

namespace IncidentActors.Cli.Guards;

/// <summary>
/// <c>incident hook claude-code | codex | cursor</c>: reads the program's JSON on standard input and asks the server. Exit code 2 and a sentence on
/// standard error block the tool, and the model reads the sentence. <c>incident hook pre-push | pre-receive</c>: git's hooks.
/// </summary>
internal static class HookVerbs
{
    /// <summary>The exit code that blocks a tool in agent programs.</summary>
    private const int Blocks = 2;

    internal const int Attempts = 2;

    /// <summary>Maximum seconds of an attempt: agent programs let the tool pass when its hook takes longer than they wait, such as 10 seconds.</summary>
    internal const int DefaultSeconds = 2;

    private const string SecondsVariable = "INCIDENT_HOOK_SECONDS";

    public static Command All(Verbs verbs) => Verbs.Group(
        "hook", "Hooks that agent programs and git call", Agent(verbs, "claude-code", "PreToolUse, PostToolUse(Failure), SessionStart, UserPromptSubmit, Stop"),
        Agent(verbs, "codex", "the same events as Claude Code"), Agent(verbs, "cursor", "beforeShellExecution, beforeMCPExecution and those after"),
        GitHook.PrePush(verbs), GitHook.PreReceive(verbs));

    private static Command Agent(Verbs verbs, string program, string events)
    {
        var onError = Given.Text(
            "--on-error",
            "While the server cannot be asked: closed (default) lets only tools pass that need no permit or only read; open lets all pass",
            "closed", "open").OneOf("closed", "open");
        var permits = Given.Text("--permits", "The server's file of permits, to know what only reads while the server cannot be asked");
        var guard = new Option<bool>("--guard") { Description = "Let shell commands run under incident guard, so that a halt also stops those that run" };
        return verbs.Acting(program, $"The hook of {program}: {events}", [onError, permits, guard], async (line, cancel) =>
        {
            if (Parse(await line.Terminal.In.ReadToEndAsync(cancel)) is not { } hook) return line.Fail(Blocks, "Standard input is not the JSON of a hook.");
            if (line.Value(guard) && Guarded(line, program, hook) is { } wrapped)
            {
                line.Terminal.Out.WriteLine(wrapped.ToJsonString());
                return ExitCodes.Ok;
            }

            var given = line.Terminal.Environment(SecondsVariable);
            if (!int.TryParse(given ?? $"{DefaultSeconds}", CultureInfo.InvariantCulture, out var seconds) || seconds < 1)
                return line.Fail(Blocks, $"{SecondsVariable} must be a number of seconds, not '{given}'.");
            var answer = await line.Quick(Attempts, TimeSpan.FromSeconds(seconds)).PostAsync($"/api/hooks/{program}", hook, line.Key, cancel);
            return answer.Ok ? Answered(line, answer.Json()) : Unanswered(line, hook, answer, line.Value(onError), line.Value(permits));
        });
    }

    private static int Answered(Line line, JsonElement answer)
    {
        var output = answer.Part("hookSpecificOutput");
        if (output?.Text("permissionDecision") == "deny") return Block(line, output.Value.Text("permissionDecisionReason"));
        line.Terminal.Out.WriteLine(answer.GetRawText());
        return answer.Text("permission") == "deny" ? Block(line, answer.Text("agent_message")) : ExitCodes.Ok;
    }

    private static int Block(Line line, string? reason)
    {
        line.Terminal.Errors.Profile.Out.Writer.WriteLine(reason ?? "Blocked by IncidentActors.");
        return Blocks;
    }

    /// <summary>Decides without the server: a tool passes if the policy says that it needs no permit or only reads; other tools are blocked.</summary>
    private static int Unanswered(Line line, JsonObject hook, ServerAnswer answer, string? onError, string? permits)
    {
        var name = (string?)hook["hook_event_name"] ?? "";
        var starts = name is "PreToolUse" || name.StartsWith("before", StringComparison.Ordinal);
        if (onError == "open" || !starts) return ExitCodes.Ok;
        var policy = permits is not null && File.Exists(permits) ? PermitsYaml.Parse(File.ReadAllText(permits), permits) : PermitPolicy.Shipped;
        var tool = (string?)hook["tool_name"] ?? (name.Contains("MCP", StringComparison.Ordinal) ? "mcp__" : "Bash");
        var text = (string?)hook["command"] ?? (hook["tool_input"] as JsonObject)?["command"]?.ToString() ?? "";
        var rule = policy.RuleForTool(tool, text);
        if (rule is { Action: null } || (rule is { Action: { } action } && policy.RuleFor(action, rule.Target, rule.Environment)?.Reads == true))
            return ExitCodes.Ok;
        var why = answer.Trouble ?? Problem.Read(answer).Sentence;
        return Block(line, $"It is unknown whether a halt is active: {why} {tool} is blocked. Wait and try again, or ask a person.");
    }

    /// <summary>A shell command with the guard before it; null if it is not a shell command or needs no permit.</summary>
    private static JsonObject? Guarded(Line line, string program, JsonObject hook)
    {
        if (program == "cursor" || (string?)hook["hook_event_name"] != "PreToolUse" || (string?)hook["tool_name"] != "Bash") return null;
        if (hook["tool_input"]?.DeepClone() is not JsonObject input || (string?)input["command"] is not { } command) return null;
        if (PermitPolicy.Shipped.RuleForTool("Bash", command) is not { Action: { } action }) return null;
        var quoted = command.Replace("'", """'\''""", StringComparison.Ordinal);
        input["command"] = $"incident guard{(line.Agent is { } agent ? $" --agent {agent}" : "")} --action {action} -- bash -c '{quoted}'";
        return new JsonObject
        {
            ["hookSpecificOutput"] = new JsonObject { ["hookEventName"] = "PreToolUse", ["permissionDecision"] = "allow", ["updatedInput"] = input },
        };
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
