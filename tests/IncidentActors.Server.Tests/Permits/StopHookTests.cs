using System.Net;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Permits;

/// <summary>The hook at the end of a turn: after a lift the agent is made to go on once with what changed, and never again and again.</summary>
public sealed class StopHookTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;

    public async Task InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "Tidy", owner = "@dev" })).IsOk();
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("claude-code")]
    [InlineData("codex")]
    public async Task After_a_lift_the_turn_goes_on_once_with_what_changed(string program)
    {
        var halt = await HaltAsync();
        Assert.Equal("{}", await EndAsync(program, StopOf()));
        await LiftAsync(halt);
        Assert.Equal("{}", await EndAsync(program, StopOf(active: true)));
        var answer = JsonDocument.Parse(await EndAsync(program, StopOf())).RootElement;
        Assert.Equal(["decision", "reason"], answer.EnumerateObject().Select(one => one.Name));
        Assert.Equal("block", answer.Text("decision"));
        Assert.Contains(halt, answer.Text("reason"), StringComparison.Ordinal);
        Assert.Contains("Found again", answer.Text("reason"), StringComparison.Ordinal);
        Assert.Equal("{}", await EndAsync(program, StopOf()));
    }

    [Fact]
    public async Task A_briefing_that_is_not_acknowledged_does_not_hold_the_agent_for_ever()
    {
        var halt = await HaltAsync(briefing: "required");
        await LiftAsync(halt);
        Assert.Contains($"halt_ack {halt}", await EndAsync("claude-code", StopOf()), StringComparison.Ordinal);
        Assert.Equal("{}", await EndAsync("claude-code", StopOf()));
        var begins = """{"session_id":"abc123","hook_event_name":"UserPromptSubmit","prompt":"go on"}""";
        Assert.Contains($"halt_ack {halt}", await EndAsync("claude-code", begins), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_editor_Cursor_gets_a_followup_message_unless_a_person_ended_the_turn()
    {
        await LiftAsync(await HaltAsync());
        Assert.Equal("{}", await EndAsync("cursor", CursorStop("aborted", 0)));
        Assert.Equal("{}", await EndAsync("cursor", CursorStop("completed", 1)));
        Assert.StartsWith("{\"followup_message\":", await EndAsync("cursor", CursorStop("completed", 0)), StringComparison.Ordinal);
        Assert.Equal("{}", await EndAsync("cursor", CursorStop("completed", 0)));
    }

    private async Task<string> HaltAsync(string briefing = "offered") =>
        (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "payments are charged twice", briefing }))
            .Is(HttpStatusCode.Created).Json.Text("id");

    private async Task LiftAsync(string halt) => (await server.PostAsync($"/api/halts/{halt}/lift", "@operator", new { })).IsOk();

    private async Task<string> EndAsync(string program, string body) => (await server.PostAsync($"/api/hooks/{program}", "@dev", body)).IsOk().Body;

    /// <summary>As Claude Code documents it.</summary>
    private static string StopOf(bool active = false) =>
        $$"""
        {"session_id":"abc123","transcript_path":"/home/u/.claude/projects/x/00893aaf.jsonl","cwd":"/home/u/pay","permission_mode":"default",
         "hook_event_name":"Stop","stop_hook_active":{{(active ? "true" : "false")}},"last_assistant_message":"I've completed the refactoring."}
        """;

    private static string CursorStop(string status, int loops) =>
        $$"""{"conversation_id":"c-1","generation_id":"g-1","hook_event_name":"stop","status":"{{status}}","loop_count":{{loops}}}""";
}
