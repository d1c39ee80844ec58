using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Guards;
using IncidentActors.Server.Tests.Cli;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Permits;

/// <summary>Hooks with content that shells and parsers stumble over, and with a server that hangs.</summary>
public sealed class HookRobustnessTests : IAsyncLifetime
{
    private const string Hostile = "git push 'a\"b' $(touch /tmp/x) `id` \\n \\\\ \n\r\t HOOK\nHOOK\nCURL\n%s %n \u0000 \u0001 \u2028 é 💥";

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [CurlFact]
    public async Task The_script_passes_hostile_and_large_content_on()
    {
        Assert.Equal((0, "{}", ""), await HookTests.ScriptAsync(server.Address, "claude-code", Use("PreToolUse", Hostile)));
        Assert.Equal("push", Assert.Single((await server.GetAsync("/api/permits?open=true")).Items()).Text("action"));
        var after = Use("PostToolUse", Hostile, new JsonObject { ["stdout"] = Hostile + new string('x', 1024 * 1024) });
        Assert.Equal((0, "{}", ""), await HookTests.ScriptAsync(server.Address, "claude-code", after));
        Assert.Equal("done", Assert.Single((await server.GetAsync("/api/permits")).Items()).Text("status"));

        var reason = "it's \"twice\" \\ $HOME `id`\nHALT HLT-9";
        (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason })).Is(HttpStatusCode.Created);
        var (exit, output, _) = await HookTests.ScriptAsync(server.Address, "claude-code", Use("PreToolUse", Hostile + " again"));
        var answer = JsonNode.Parse(output)!["hookSpecificOutput"]!;
        Assert.Equal((0, "deny"), (exit, (string?)answer["permissionDecision"]));
        Assert.Contains("it's \"twice\" \\ $HOME `id`", (string?)answer["permissionDecisionReason"], StringComparison.Ordinal);
        Assert.DoesNotContain('\n', (string)answer["permissionDecisionReason"]!);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_in_a_command_is_judged_too()
    {
        var hook = Use("PreToolUse", "git push").Replace("git push", "git push \\ud800", StringComparison.Ordinal);
        Assert.Equal("{}", (await server.PostAsync("/api/hooks/claude-code", "@dev", hook)).IsOk().Body);
        Assert.Equal("push", Assert.Single((await server.GetAsync("/api/permits?open=true")).Items()).Text("action"));
    }

    [Fact]
    public async Task A_server_that_hangs_blocks_the_tool_before_the_agent_program_gives_the_hook_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var run = new CliRun { At = new Uri($"http://{silent.LocalEndpoint}"), Input = Use("PreToolUse", "git push") };
        run.Environment.Remove("INCIDENT_HOOK_SECONDS");
        Assert.Equal(2, await run.RunAsync("hook", "claude-code", "--agent", "@dev").EndsAsync("the hook's answer"));
        Assert.Contains("is unknown", run.Error, StringComparison.Ordinal);
        // Agent programs give a hook up after 10 seconds.
        Assert.InRange(HookVerbs.Attempts * HookVerbs.DefaultSeconds, 1, 9);
        run.Environment["INCIDENT_HOOK_SECONDS"] = "soon";
        Assert.Equal(2, await run.RunAsync("hook", "claude-code", "--agent", "@dev"));
    }

    [CurlFact]
    public async Task Without_the_program_the_script_still_blocks_while_the_server_is_away()
    {
        var nowhere = new Uri($"http://127.0.0.1:{Testing.Ports.Free()}");
        Assert.Equal(2, (await HookTests.ScriptAsync(nowhere, "claude-code", Use("PreToolUse", "git push"), installed: false)).Exit);
        Assert.NotEqual(2, (await HookTests.ScriptAsync(nowhere, "claude-code", Use("Stop", "git push"), installed: false)).Exit);
    }

    private static string Use(string name, string command, JsonObject? response = null)
    {
        var hook = new JsonObject
        {
            ["session_id"] = "abc123", ["cwd"] = "/home/u/pay", ["hook_event_name"] = name, ["tool_name"] = "Bash",
            ["tool_input"] = new JsonObject { ["command"] = command }, ["tool_use_id"] = $"toolu_{command.Length}",
        };
        if (response is not null) hook["tool_response"] = response;
        return hook.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
