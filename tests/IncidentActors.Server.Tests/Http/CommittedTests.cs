using System.Net;
using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Runbooks;
using IncidentActors.Engine.Records;

namespace IncidentActors.Server.Tests.Http;

/// <summary>What is committed is answered as done, although the store cannot be read right after the commit.</summary>
public sealed class CommittedTests : IAsyncLifetime
{
    private UnreadableJournal journal = null!;
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync(
        options => options with { Runbooks = RunbooksYaml.Parse("runbooks: [{ id: free, steps: [[printf, done]] }]", "mine.yaml") },
        options => options with { Around = inner => journal = new UnreadableJournal(inner) });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_run_that_was_started_is_executed()
    {
        var incident = (await server.DeclareAsync("SEV-2", agent: "@dev")).Text("id");
        var proposed = (await server.PostAsync($"/api/incidents/{incident}/runs", "@dev", new { runbook = "free", dryRun = false })).IsOk().Json;
        var run = proposed.List("runs")[0].Text("id");
        journal.LosesAfterTheNextCommit(nameof(ActorKind.Incident));
        var started = await server.PostAsync($"/api/incidents/{incident}/runs/{run}/start", "@dev", new { });
        await server.Server.Engine.Runbooks.SettledAsync();
        journal.Heal();

        Assert.Equal("running", started.IsOk().Json.List("runs")[0].Text("status"));
        var over = (await server.GetAsync($"/api/incidents/{incident}")).Json.List("runs")[0];
        Assert.Equal(("succeeded", "$ printf done\ndone"), (over.Text("status"), over.Text("output").Trim()));
    }

    [Fact]
    public async Task An_acknowledgement_counts_although_the_sessions_lease_stays()
    {
        var message = await SendAsync("@dev");
        Assert.Equal(
            message,
            Assert.Single((await server.PostAsync("/api/tools/inbox", "@dev", new { }, session: "a")).IsOk().Json.List("messages")).Text("id"));
        journal.LosesAfterTheNextCommit(RecordKinds.InboxLease);
        var acknowledged = await server.PostAsync("/api/tools/message_ack", "@dev", new { messageId = message }, session: "a");
        journal.Heal();

        acknowledged.IsOk();
        Assert.Empty((await server.PostAsync("/api/tools/inbox", "@dev", new { }, session: "b")).IsOk().Json.List("messages"));
    }

    [Fact]
    public async Task A_decision_is_answered_with_the_approval_as_the_turn_has_left_it()
    {
        (await server.PostAsync("/api/tools/atp_set", "@pm", new { atpId = "AT-EMRG-01", status = "InProgress", notes = "SEV-1: down" })).IsOk();
        (await server.PostAsync(
            "/api/tools/handoff",
            "@dev",
            new { atpId = "AT-EMRG-01", toAgent = "@pm", completedWork = "Fix", pendingWork = "Deploy", evidence = "Tests" })).IsOk();
        var id = Assert.Single((await server.GetAsync("/api/approvals?state=open")).Items()).Text("id");
        journal.LosesAfterTheNextCommit(nameof(ActorKind.Approval));
        var decided = await server.PostAsync($"/api/approvals/{id}/decision", "@pm", new { decision = "approve" });
        journal.Heal();

        Assert.Equal((id, "approved"), (decided.IsOk().Json.Text("id"), decided.Json.Text("status")));
    }

    [Fact]
    public async Task A_model_is_told_what_it_has_done_and_that_the_halts_could_not_be_read()
    {
        var session = await McpAsync(null, new
        {
            jsonrpc = "2.0",
            id = 1,
            method = "initialize",
            @params = new { protocolVersion = "2025-06-18", capabilities = new { }, clientInfo = new { name = "t", version = "1" } },
        });
        await McpAsync(session.Session, new { jsonrpc = "2.0", method = "notifications/initialized" });
        journal.LosesAfterTheNextCommit(UnreadableJournal.Halts);
        var parameters = new { name = "atp_create", arguments = new { title = "over mcp" } };
        var (_, body) = await McpAsync(session.Session, new { jsonrpc = "2.0", id = 2, method = "tools/call", @params = parameters });
        journal.Heal();

        var result = JsonDocument.Parse(body.Split("data: ")[1]).RootElement.GetProperty("result");
        Assert.Equal("over mcp", result.GetProperty("structuredContent").Text("title"));
        Assert.Contains(result.List("content"), block => block.Text("text").Contains("halt_status", StringComparison.Ordinal));
    }

    /// <summary>The host of the database is for the log alone.</summary>
    [Theory]
    [InlineData("/api/incidents/INC-1", nameof(ActorKind.Incident))]
    [InlineData("/halts", UnreadableJournal.Halts)]
    public async Task An_answer_does_not_name_the_database(string path, string what)
    {
        journal.LosesAfterTheNextCommit(what);
        await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "One" });
        var answer = await server.GetAsync(path, "@pm");
        journal.Heal();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.DoesNotContain("db.internal", answer.Body, StringComparison.Ordinal);
        Assert.Contains("The store is away.", answer.Body, StringComparison.Ordinal);
    }

    private async Task<string> SendAsync(string to)
    {
        (await server.PostAsync("/api/tools/inbox", to, new { })).IsOk();
        var atp = (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "One" })).IsOk().Json.Text("id");
        return (await server.PostAsync(
            "/api/tools/message_send",
            "@pm",
            new { atpId = atp, toAgent = to, messageType = "Directive", subject = "s", body = "b" })).IsOk().Json.Text("messageId");
    }

    private async Task<(string Session, string Body)> McpAsync(string? session, object message)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/mcp?tools=all"));
        request.Content = new StringContent(JsonSerializer.Serialize(message));
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("X-Agent", "@pm");
        if (session is not null) request.Headers.Add("Mcp-Session-Id", session);
        using var response = await client.SendAsync(request);
        return (response.Headers.GetValues("Mcp-Session-Id").Single(), await response.Content.ReadAsStringAsync());
    }
}
