using System.Text.Json;
using IncidentActors.Server.Tests.Mcp;

namespace IncidentActors.Server.Tests.Http;

/// <summary>The calls of the <c>governance</c> tools in their users' own words, over HTTP and MCP.</summary>
public sealed class GovernanceCallTests
{
    [Fact]
    public async Task Arguments_of_the_family_are_kept_and_shown_and_others_are_notes_with_a_warning()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var created = (await server.PostAsync("/api/tools/governance.atp_create", "@pm", new
        {
            atpId = 918, title = "Login form", dependencies = new[] { 917 }, phase = "2", estimatedHours = 3, risk = "low",
            acceptanceCriteria = new[] { "it logs in" }, sourceRef = "plan.md", colour = "red",
        })).IsOk().Json;
        Assert.Equal(["The argument 'colour' is not known; it is kept as a note."], created.List("warnings").Select(one => one.GetString()));
        var changed = (await server.PostAsync("/api/tools/governance_atp_change_status", "@dev", new { atpId = 918, status = "in_progress", stage = "Build" }))
            .IsOk().Json;
        Assert.Contains("918 depends on 917", changed.List("warnings")[0].GetString(), StringComparison.Ordinal);
        var details = (await server.GetAsync("/api/atps/918")).IsOk().Json.GetProperty("details");
        string[] shown = ["stage", "estimatedHours", "acceptanceCriteria", "colour"];
        Assert.Equal(["Build", "3", "- it logs in", "red"], shown.Select(name => details.Text(name)));
        Assert.Contains("it logs in", (await server.GetAsync("/atps/918")).IsOk().Body, StringComparison.Ordinal);
        (await server.PostAsync("/api/tools/atp_get", null, new { atpId = 918, stage = "Build", pattern = "x", uowId = "u" })).IsOk();
    }

    /// <summary>The seeds name the caller in the calls; it is an argument like any other.</summary>
    [Fact]
    public async Task The_caller_may_name_itself_in_an_artifact_and_in_closing_but_nobody_else()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = 7, status = "InProgress", title = "Form" })).IsOk();
        foreach (var agent in new[] { "@dev", "@qa" })
        {
            var artifact = await server.PostAsync(
                "/api/tools/artifact_create", "@dev", new { atpId = 7, artifactType = "TestReport", title = "t", content = "12 passed", agent });
            if (agent == "@dev") Assert.DoesNotContain("is not known", artifact.IsOk().Body, StringComparison.Ordinal);
            else artifact.Refused(403, "caller.mismatch");
        }

        (await server.PostAsync("/api/tools/atp_close", "@pm", new { atpId = 7, notes = "wanted no more", agent = "@dev" })).Refused(403, "caller.mismatch");
        var closed = (await server.PostAsync("/api/tools/atp_close", "@pm", new { atpId = 7, notes = "done", agent = "@pm" })).IsOk();
        Assert.DoesNotContain("is not known", closed.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("atp_set", """{"atpId":"1","notes":"x","dependancies":["2"]}""", "dependencies")]
    [InlineData("atp_set", """{"atp_id":"1","notes":"x"}""", "atpId")]
    [InlineData("atp_create", """{"title":"x","estimatedHour":1}""", "estimatedHours")]
    [InlineData("message_send", """{"atpId":"1","toAgent":"@dev","messageTyp":"Directive","subject":"s","body":"b"}""", "messageType")]
    public async Task A_misspelt_argument_is_refused_with_what_was_meant(string tool, string body, string meant)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var refused = (await server.PostAsync($"/api/tools/{tool}", "@pm", JsonSerializer.Deserialize<JsonElement>(body))).Refused(400, "argument.unknown");
        Assert.EndsWith($"did you mean '{meant}'?", refused.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handoff_in_the_familys_words_has_its_sections()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = 7, status = "InProgress", title = "Form" })).IsOk();
        (await server.PostAsync("/api/tools/governance.handoff", "@dev", new
        {
            atpId = 7, fromAgent = "@dev", toAgent = "@qa", handoffType = "QA", summary = "The form is done", currentState = "merged",
            nextSteps = new[] { "test it" }, evidence = new { build = "passes", tests = 12 },
        })).IsOk();
        var message = (await server.GetAsync("/api/agents/@qa/inbox")).IsOk().Json.List("messages")[0].Text("body");
        const string Sections = "### Completed Work\nThe form is done\n\nmerged\n\n### Pending Work\n- test it\n\n### Evidence\n- build: passes\n- tests: 12";
        Assert.Contains(Sections, message, StringComparison.Ordinal);
        Assert.Contains("**handoffType:** QA", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Further_tools_of_the_family_do_what_is_meant_or_name_the_tool_to_use()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = 7, status = "InProgress", title = "Form" })).IsOk();
        var issue = new { atpId = 7, title = "Flaky test", description = "fails at night", rootCause = "time" };
        (await server.PostAsync("/api/tools/governance.issue_log", "@dev", issue)).IsOk();
        (await server.PostAsync("/api/tools/decision", "@pm", new { atpId = 7, title = "Use cookies", rationale = "simple" })).IsOk();
        (await server.PostAsync("/api/tools/atp_verify", "@pm", new { atpId = 7, passed = true })).IsOk();
        (await server.PostAsync("/api/tools/escalate", "@dev", new { atpId = 7, subject = "No access", severity = "P1-Critical" })).IsOk();
        var found = new { atpId = 7, title = "Login fails", severity = "high", steps = new[] { "log in" } };
        var bug = (await server.PostAsync("/api/tools/bug_create", "@qa", found)).IsOk().Json;
        Assert.Equal(("bugfix", "7", "P1-High"), (bug.Text("flow"), bug.Text("parentAtpId"), bug.Text("priority")));
        var atp = (await server.PostAsync("/api/tools/uow_get", null, new { uowId = 7 })).IsOk().Json;
        Assert.Equal(["IssueLog", "Decision", "PMVerificationReport"], atp.List("artifacts").Select(one => one.Text("type")));
        var refused = (await server.PostAsync("/api/tools/governance.error_recovery", "@dev", new { })).Refused(404, "tool.unknown");
        Assert.Equal(["atp_get", "inbox"], refused.List("allowed").Select(one => one.GetString()));
    }

    [Fact]
    public async Task Messages_without_an_ATP_are_the_operators()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var message = new { toAgent = "@dev", messageType = "ScopeAlert", priority = "P3-Informational", subject = "Look here", body = "Text" };
        (await server.PostAsync("/api/tools/message_send", "@operator", message)).IsOk();
        Assert.Equal("AT-GENERAL", (await server.GetAsync("/api/agents/@dev/inbox")).IsOk().Json.List("messages")[0].Text("atpId"));
        (await server.PostAsync("/api/tools/message_send", "@pm", message)).Refused(400, "argument.missing");
    }

    [Fact]
    public async Task Forty_closing_batches_in_random_orders_are_taken_and_each_part_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        for (var atp = 1; atp <= 40; atp++)
            (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = atp, status = "Complete", title = "Work" })).IsOk();

        await Task.WhenAll(Enumerable.Range(1, 40).SelectMany(Batch));
        var finished = (await server.GetAsync("/api/atps?state=finished")).Items();
        Assert.Equal(Enumerable.Repeat(1, 40), finished.Select(atp => atp.List("artifacts").Length));
        Assert.Equal(40, (await server.GetAsync("/api/agents/@operator/inbox")).IsOk().Json.List("messages").Length);
        foreach (var (tool, body) in Parts(40).Where(part => part.Tool != "atp_change_status"))
            (await server.PostAsync($"/api/tools/{tool}", "@pm", body, session: "next")).Refused(409, "atp.closed");

        // One batch of an agent's calls: they leave one after the other, and each is on its way while the next one leaves.
        IEnumerable<Task> Batch(int atp)
        {
            var parts = Parts(atp);
            new Random(atp).Shuffle(parts);
            return parts.Select(async part => (await server.PostAsync($"/api/tools/{part.Tool}", "@pm", part.Body, session: $"turn-{atp}")).IsOk());
        }

        static (string Tool, object Body)[] Parts(int atp) =>
        [
            ("artifact_create", new { atpId = atp, artifactType = "PMVerificationReport", title = "Report", content = "Verified" }),
            ("atp_change_status", new { atpId = atp, status = "Closed", stage = "Done" }),
            ("message_send", new { atpId = atp, toAgent = "@operator", messageType = "HITLNotification", subject = "Closed", body = "Done" }),
        ];
    }

    [Theory, InlineData(0, 1, 2), InlineData(0, 2, 1), InlineData(1, 0, 2), InlineData(1, 2, 0), InlineData(2, 0, 1), InlineData(2, 1, 0)]
    public async Task A_closing_batch_is_taken_in_each_order_and_ends_the_turn(params int[] order)
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/atp_set", "@dev", new { atpId = 7, status = "Complete", title = "Work" })).IsOk();
        (string Tool, object Body)[] parts =
        [
            ("artifact_create", new { atpId = 7, artifactType = "PMVerificationReport", title = "Report", content = "Verified" }),
            ("atp_change_status", new { atpId = 7, status = "Closed", stage = "Done" }),
            ("message_send", new { atpId = 7, toAgent = "@operator", messageType = "HITLNotification", subject = "Closed", body = "Done" }),
        ];
        foreach (var (tool, body) in order.Select(index => parts[index])) (await server.PostAsync($"/api/tools/{tool}", "@pm", body)).IsOk();
        Assert.Single((await server.GetAsync("/api/agents/@operator/inbox")).IsOk().Json.List("messages"));
        (await server.PostAsync("/api/tools/atp_set", "@pm", new { atpId = 8, title = "Next" })).Refused(422, "turn.ended");
        foreach (var (tool, body) in parts.Where(part => part.Tool != "atp_change_status"))
            (await server.PostAsync($"/api/tools/{tool}", "@pm", body, session: "next")).Refused(409, "atp.closed");
    }

    [Fact]
    public async Task By_MCP_a_client_that_checks_what_it_sends_may_send_the_familys_arguments()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var client = await McpClients.ConnectAsync("http", "2026-07-28", server.Address, "@dev");
        var tool = (await client.ListToolsAsync()).Single(one => one.Name == "atp_set");
        Assert.True(tool.JsonSchema.GetProperty("additionalProperties").GetBoolean());
        var result = await client.CallAsync("governance.atp_set", new { atpId = "AT-1", status = "InProgress", stage = "Build", colour = "red" });
        Assert.NotEqual(true, result.IsError);
        Assert.Contains("The argument 'colour' is not known; it is kept as a note.", result.Text(), StringComparison.Ordinal);
    }
}
