using System.Net;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Cli;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Permits;

/// <summary>The hooks of agent programs, with the JSON that their public documentation shows.</summary>
public sealed class HookTests : IAsyncLifetime
{
    private const string PreToolUse =
        """
        {"session_id":"abc123","transcript_path":"/home/u/.claude/projects/x/00893aaf.jsonl","cwd":"/home/u/pay","permission_mode":"default",
         "hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"git push origin main","description":"Push","timeout":120000},
         "tool_use_id":"toolu_01ABC123"}
        """;

    private const string CursorShell =
        """
        {"conversation_id":"c-1","generation_id":"g-1","hook_event_name":"beforeShellExecution","workspace_roots":["/home/u/pay"],
         "command":"git push origin main","cwd":"/home/u/pay"}
        """;

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_tool_gets_its_permit_and_gives_it_back_when_it_has_been_used()
    {
        var (exit, output, _) = await HookAsync("claude-code", PreToolUse);
        Assert.Equal((0, "{}"), (exit, output.Trim()));
        var permit = Assert.Single((await server.GetAsync("/api/permits?open=true")).Items());
        Assert.Equal(("push", "@dev", "hook"), (permit.Text("action"), permit.Text("holder"), permit.Text("path")));
        await HookAsync("claude-code", PreToolUse);
        Assert.Single((await server.GetAsync("/api/permits?open=true")).Items());
        var after = Of(PreToolUse, "PostToolUse");
        after["tool_response"] = new JsonObject { ["stdout"] = "done" };
        Assert.Equal(0, (await HookAsync("claude-code", after.ToJsonString())).Exit);
        Assert.Equal("done", Assert.Single((await server.GetAsync("/api/permits")).Items()).Text("status"));
    }

    [Fact]
    public async Task While_a_halt_covers_it_the_tool_is_blocked_with_a_reason_that_the_model_reads()
    {
        await HaltAsync();
        var (exit, _, error) = await HookAsync("claude-code", PreToolUse);
        Assert.Equal(2, exit);
        Assert.Contains("payments are charged twice", error, StringComparison.Ordinal);
        Assert.Contains("Do not look for another way", error, StringComparison.Ordinal);
        var read = Of(PreToolUse, "PreToolUse");
        (read["tool_name"], read["tool_input"]) = ("Read", new JsonObject { ["file_path"] = "/home/u/pay/README.md" });
        Assert.Equal(0, (await HookAsync("claude-code", read.ToJsonString())).Exit);

        var answer = (await server.PostAsync("/api/hooks/claude-code", "@dev", PreToolUse)).IsOk().Json.GetProperty("hookSpecificOutput");
        Assert.Equal(("PreToolUse", "deny"), (answer.Text("hookEventName"), answer.Text("permissionDecision")));
        Assert.Contains("payments are charged twice", answer.Text("permissionDecisionReason"), StringComparison.Ordinal);
        Assert.Equal(2, (await HookAsync("codex", PreToolUse)).Exit);
        var cursor = (await server.PostAsync("/api/hooks/cursor", "@dev", CursorShell)).IsOk().Json;
        Assert.Equal("deny", cursor.Text("permission"));
        Assert.Contains("payments are charged twice", cursor.Text("agent_message"), StringComparison.Ordinal);
        (await server.PostAsync("/api/hooks/other", "@dev", PreToolUse)).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_session_that_begins_is_told_what_stands_and_what_was_set_aside()
    {
        (await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "Tidy", owner = "@dev" })).IsOk();
        var halt = await HaltAsync();
        var begins = """{"session_id":"abc123","hook_event_name":"SessionStart","source":"startup","cwd":"/home/u/pay","transcript_path":"/t"}""";
        var (exit, output, _) = await HookAsync("claude-code", begins);
        Assert.Equal(0, exit);
        Assert.Contains(halt, output, StringComparison.Ordinal);
        Assert.Contains("additionalContext", output, StringComparison.Ordinal);
        Assert.Contains("Set aside", output, StringComparison.Ordinal);
        (await server.PostAsync($"/api/halts/{halt}/lift", "@operator", new { })).IsOk();
        Assert.Contains("Found again", (await HookAsync("claude-code", begins)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bash", "git push origin main", null, 2)]
    [InlineData("Bash", "git push origin main", "open", 0)]
    [InlineData("Read", "", null, 0)]
    public async Task While_the_server_cannot_be_asked_what_the_policy_lists_waits_and_reading_goes_on(string tool, string command, string? onError, int exit)
    {
        var hook = Of(PreToolUse, "PreToolUse");
        (hook["tool_name"], hook["tool_input"]) = (tool, new JsonObject { ["command"] = command });
        var run = new CliRun { At = new Uri($"http://127.0.0.1:{Testing.Ports.Free()}"), Input = hook.ToJsonString() };
        string[] options = onError is null ? [] : ["--on-error", onError];
        Assert.Equal(exit, await run.RunAsync(["hook", "claude-code", "--agent", "@dev", .. options]));
    }

    [Fact]
    public async Task A_shell_command_runs_under_the_guard_when_the_hook_is_told_so()
    {
        var run = new CliRun { At = server.Address, Input = PreToolUse };
        Assert.Equal(0, await run.RunAsync("hook", "claude-code", "--agent", "@dev", "--guard"));
        var output = JsonNode.Parse(run.Output)!["hookSpecificOutput"]!;
        Assert.Equal("incident guard --agent @dev --action push -- bash -c 'git push origin main'", (string?)output["updatedInput"]!["command"]);
        Assert.Equal(120000, (int?)output["updatedInput"]!["timeout"]);
    }

    [Fact]
    public async Task Git_asks_before_it_pushes_and_before_it_receives()
    {
        const string Pushed = "refs/heads/main 67890abcdef refs/heads/main 12345abcdef\n";
        string[] push = ["hook", "pre-push", "--agent", "@dev", "origin", "git@host:t/pay.git"];
        Assert.Equal(0, await new CliRun { At = server.Address, Input = Pushed }.RunAsync(push));
        var permit = Assert.Single((await server.GetAsync("/api/permits")).Items());
        Assert.Equal(("push", "pay", "refs/heads/main", "git:67890abcdef", "done"), (
            permit.Text("action"), permit.Text("target"), permit.Text("environment"), permit.Text("digest"), permit.Text("status")));
        await HaltAsync("service:pay");
        Assert.Equal(4, await new CliRun { At = server.Address, Input = Pushed }.RunAsync(push));
        const string Received = "12345abcdef 67890abcdef refs/heads/main\n";
        string[] receive = ["hook", "pre-receive", "--agent", "@git", "--target", "/srv/pay.git"];
        Assert.Equal(4, await new CliRun { At = server.Address, Input = Received }.RunAsync(receive));
    }

    [Fact]
    public async Task A_pipeline_asks_at_its_gate()
    {
        Assert.Equal(0, await new CliRun { At = server.Address }.RunAsync("gate", "deploy", "--service", "pay", "--environment", "production"));
        Assert.Equal(1, await new CliRun { At = server.Address }.RunAsync("gate", "deploy"));
        var held = new CliRun { At = server.Address };
        Assert.Equal(0, await held.RunAsync("gate", "deploy", "--service", "pay", "--hold"));
        Assert.Equal("open", (await server.GetAsync($"/api/permits/{held.Output.Trim()}")).IsOk().Json.Text("status"));
        await HaltAsync("service:pay");
        Assert.Equal(4, await new CliRun { At = server.Address }.RunAsync("gate", "deploy", "--service", "pay"));
        Assert.Equal(6, await new CliRun { At = new Uri($"http://127.0.0.1:{Testing.Ports.Free()}") }.RunAsync("gate", "deploy", "--service", "pay"));
    }

    [CurlFact]
    public async Task The_script_asks_without_a_start_of_dotnet_and_falls_back_to_the_program_while_the_server_does_not_answer()
    {
        Assert.Equal((0, "{}", ""), await ScriptAsync(server.Address, "claude-code", PreToolUse));
        await HaltAsync();
        var (exit, output, _) = await ScriptAsync(server.Address, "claude-code", PreToolUse);
        var answer = JsonNode.Parse(output)!["hookSpecificOutput"]!;
        Assert.Equal((0, "deny"), (exit, (string?)answer["permissionDecision"]));
        Assert.Contains("payments are charged twice", (string?)answer["permissionDecisionReason"], StringComparison.Ordinal);
        Assert.Equal("deny", (string?)JsonNode.Parse((await ScriptAsync(server.Address, "cursor", CursorShell)).Output)!["permission"]);

        var nowhere = new Uri($"http://127.0.0.1:{Testing.Ports.Free()}");
        var (blocked, said, why) = await ScriptAsync(nowhere, "claude-code", PreToolUse);
        Assert.Equal((2, ""), (blocked, said));
        Assert.Contains("is unknown", why, StringComparison.Ordinal);
        var read = Of(PreToolUse, "PreToolUse");
        read["tool_name"] = "Read";
        Assert.Equal(0, (await ScriptAsync(nowhere, "claude-code", read.ToJsonString())).Exit);
    }

    /// <summary>The script as an agent program starts it, with this build's program in its path.</summary>
    internal static async Task<(int Exit, string Output, string Error)> ScriptAsync(Uri server, string program, string hook, bool installed = true)
    {
        var path = Directory.CreateTempSubdirectory("hook-").FullName;
        try
        {
            var incident = Path.Combine(path, installed ? "incident" : "elsewhere");
            await File.WriteAllTextAsync(incident, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "incident.dll")}' \"$@\"\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(incident, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var start = new System.Diagnostics.ProcessStartInfo("sh", [Testing.SourceTree.Path("deploy", "hooks", "incident-hook"), program])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            start.Environment["PATH"] = $"{path}:{Environment.GetEnvironmentVariable("PATH")}";
            start.Environment["INCIDENT_SERVER"] = server.ToString().TrimEnd('/');
            start.Environment["INCIDENT_AGENT"] = "@dev";
            start.Environment["INCIDENT_HOOK_SECONDS"] = $"{Testing.Eventually.LongestDeadline.TotalSeconds}";
            using var script = System.Diagnostics.Process.Start(start)!;
            await script.StandardInput.WriteAsync(hook);
            script.StandardInput.Close();
            var (output, error) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
            await script.WaitForExitAsync();
            return (script.ExitCode, (await output).Trim(), (await error).Trim());
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private async Task<string> HaltAsync(string scope = "all") =>
        (await server.PostAsync("/api/halts", "@operator", new { scope, reason = "payments are charged twice" })).Is(HttpStatusCode.Created).Json.Text("id");

    private async Task<(int Exit, string Output, string Error)> HookAsync(string program, string input)
    {
        var run = new CliRun { At = server.Address, Input = input };
        return (await run.RunAsync("hook", program, "--agent", "@dev"), run.Output, run.Error);
    }

    private static JsonObject Of(string hook, string name)
    {
        var changed = JsonNode.Parse(hook)!.AsObject();
        changed["hook_event_name"] = name;
        return changed;
    }
}

/// <summary>Needs <c>curl</c>.</summary>
public sealed class CurlFactAttribute() : Testing.SlowFactAttribute(() => Missing)
{
    private static string? Missing =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "curl")))
            ? null
            : "curl is not installed";
}
