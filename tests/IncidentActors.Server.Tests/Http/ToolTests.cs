using System.Text.Json;

namespace IncidentActors.Server.Tests.Http;

public sealed class ToolTests : IAsyncLifetime
{
    private static readonly string[] Promised =
    [
        "atp_create", "atp_set", "atp_change_status", "atp_close", "message_send", "message_ack", "handoff", "artifact_create", "inbox", "atp_get",
        "atp_list", "incident_declare", "incident_get", "incident_update", "halt_raise", "halt_status", "halt_ack", "halt_lift", "approval_list",
        "permit_request", "permit_renew", "permit_end",
        "approval_decide", "knowledge_search",
    ];

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Every_tool_is_listed_with_schemas()
    {
        var tools = (await server.GetAsync("/api/tools")).Items();
        Assert.Superset(Promised.ToHashSet(), tools.Select(tool => tool.Text("name")).ToHashSet());
        Assert.All(tools, tool =>
        {
            Assert.Equal("object", tool.GetProperty("inputSchema").Text("type"));
            Assert.Equal("object", tool.GetProperty("outputSchema").Text("type"));
        });
        var send = tools.Single(tool => tool.Text("name") == "message_send").GetProperty("inputSchema");
        Assert.Contains("EmergencyDirective", send.GetProperty("properties").GetProperty("messageType").List("enum").Select(word => word.GetString()));
        Assert.True(send.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(["toAgent", "messageType", "subject", "body"], send.List("required").Select(name => name.GetString()));
        var read = tools.Where(tool => tool.GetProperty("annotations").GetProperty("readOnlyHint").GetBoolean()).Select(tool => tool.Text("name"));
        Assert.Equal(["approval_list", "atp_get", "atp_list", "halt_status", "incident_get", "knowledge_search"], read.Intersect(Promised).Order());
    }

    [Fact]
    public async Task An_unknown_tool_and_an_unknown_argument_are_told_what_there_is()
    {
        var tools = (await server.PostAsync("/api/tools/atp_destroy", "@pm", new { })).Refused(404, "tool.unknown");
        Assert.Superset(Promised.ToHashSet(), tools.List("allowed").Select(tool => tool.GetString()!).ToHashSet());
        var refused = (await server.PostAsync("/api/tools/atp_get", "@pm", new { id = "AT-1" })).Refused(400, "argument.unknown");
        Assert.Equal(["atpId"], refused.List("allowed").Select(name => name.GetString()));
        Assert.Contains("'id'", refused.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_writes_is_named_and_speaks_for_itself()
    {
        var body = new { atpId = "AT-1", agent = "@pm", notes = "a thing" };
        (await server.PostAsync("/api/tools/atp_set", null, body)).Refused(400, "caller.missing");
        (await server.PostAsync("/api/tools/atp_set", "@@", body)).Refused(400, "argument.malformed");
        (await server.PostAsync("/api/tools/atp_set", "@system", body)).Refused(400, "agent.reserved");
        (await server.PostAsync("/api/tools/atp_set", "@alertmanager", body)).Refused(400, "agent.reserved");
        (await server.PostAsync("/api/tools/atp_set", "@dev", body)).Refused(403, "caller.mismatch");
        (await server.PostAsync("/api/tools/atp_set", "PM", body)).IsOk();
        (await server.PostAsync(
            "/api/tools/message_send",
            "@dev",
            new
            {
                atpId = "AT-1", fromAgent = "@pm", toAgent = "@qa", messageType = "Blocker", subject = "s", body = "b",
            })).Refused(403, "caller.mismatch");
        (await server.PostAsync("/api/tools/atp_get", null, new { atpId = "AT-1" })).IsOk();
    }

    [Theory]
    [InlineData("P0")]
    [InlineData("P0-Critical")]
    [InlineData("p0-critical")]
    public async Task Priorities_are_read_in_both_forms(string priority) =>
        Assert.Equal("P0-Critical", (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "a thing", priority })).IsOk().Json.Text("priority"));

    [Fact]
    public async Task Work_of_the_standard_flow_from_creation_to_closure()
    {
        var atp = (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "Tidy the log", owner = "@dev" })).IsOk().Json;
        var id = atp.Text("id");
        Assert.Equal(("standard", "Queued", "@dev"), (atp.Text("flow"), atp.Text("status"), atp.Text("owner")));
        var wrong = (await server.PostAsync(
            "/api/tools/atp_change_status", "@dev", new { atpId = id, status = "Deployed" })).Refused(409, "atp.transition.unknown");
        Assert.Contains("InProgress", wrong.List("allowed").Select(state => state.GetString()));
        Assert.Equal("Queued", wrong.GetProperty("current").Text("status"));
        (await server.PostAsync("/api/tools/atp_change_status", "@dev", new { atpId = id, status = "InProgress" })).IsOk();
        var message = (await server.PostAsync(
            "/api/tools/message_send",
            "@dev",
            new { atpId = id, toAgent = "@pm", messageType = "Blocker", priority = "P1", subject = "Stuck", body = "Which log?" }))
            .IsOk().Json
            .Text("messageId");
        (await server.PostAsync("/api/tools/message_ack", "@qa", new { messageId = message })).Refused(403, "message.ack.foreign");
        (await server.PostAsync("/api/tools/message_ack", "@pm", new { messageId = message, agent = "pm" })).IsOk();
        (await server.PostAsync("/api/tools/message_ack", "@pm", new { messageId = message })).Refused(409, "message.ack.repeated");
        (await server.PostAsync("/api/tools/message_ack", "@pm", new { messageId = "msg-xxx" })).Refused(404, "message.unknown");
        (await server.PostAsync(
            "/api/tools/handoff",
            "@dev",
            new
            {
                atpId = id, fromAgent = "@dev", toAgent = "@pm", completedWork = "Tidy", pendingWork = "", evidence = "It builds",
            })).Refused(422, "handoff.sections.missing");
        Assert.Equal(
            "Complete",
            (await server.PostAsync(
                "/api/tools/handoff",
                "@dev",
                new
                {
                    atpId = id, fromAgent = "@dev", toAgent = "@pm", completedWork = "Tidy", pendingWork = "Close", evidence = "It builds",
                }))
                .IsOk().Json
                .Text("status"));
        (await server.PostAsync(
            "/api/tools/artifact_create",
            "@pm",
            new
            {
                atpId = id, artifactType = "PMVerificationReport", title = "Verified", content = "## Summary\nFine.", persist = "cloud",
            })).Refused(400, "argument.malformed");
        var artifact = (await server.PostAsync(
            "/api/tools/artifact_create",
            "@pm",
            new { atpId = id, artifactType = "PMVerificationReport", title = "Verified", content = "## Summary\nFine." }))
            .IsOk().Json
            .Text("artifactId");
        Assert.Equal("## Summary\nFine.", (await server.GetAsync($"/api/atps/{id}/artifacts/{artifact}")).IsOk().Json.Text("content"));
        (await server.GetAsync($"/api/atps/{id}/artifacts/art-0")).Refused(404, "atp.artifact.unknown");
        Assert.False(Directory.Exists(Path.Combine(server.Data, "artifacts")));
        Assert.Equal("Closed", (await server.PostAsync("/api/tools/atp_close", "@pm", new { atpId = id })).IsOk().Json.Text("status"));

        (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "The next thing" })).Refused(422, "turn.ended");
        (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "Another session's thing" }, session: "two")).IsOk();
        (await server.GetAsync("/api/agents/@pm/inbox", "@pm")).IsOk();
        (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "The next thing" })).IsOk();
        Assert.Equal([id], (await server.GetAsync("/api/atps?state=finished")).Items().Select(one => one.Text("id")));
    }

    [Fact]
    public async Task Ids_that_could_name_something_else_are_refused()
    {
        foreach (var id in (string[])["../../etc/passwd", "", " ", "AT 1", "AT/1", new string('A', 200), "..", "ÄT-1"])
            (await server.PostAsync("/api/tools/atp_set", "@pm", new { atpId = id, notes = "x" })).Is(System.Net.HttpStatusCode.BadRequest);
        (await server.GetAsync("/api/atps/" + Uri.EscapeDataString("../x"))).Is(System.Net.HttpStatusCode.BadRequest);
        (await server.GetAsync("/api/atps/AT-1")).Refused(404, "atp.unknown");
    }

    [Fact]
    public async Task Flows_and_knowledge_and_metrics_are_served()
    {
        var flows = (await server.GetAsync("/api/flows")).Items().Select(flow => flow.Text("name")).ToList();
        Assert.Superset(new HashSet<string> { "emergency", "hotfix", "standard", "critical-response", "emergency-hotfix" }, flows.ToHashSet());
        var emergency = (await server.GetAsync("/api/flows/emergency")).IsOk().Json;
        Assert.Equal([1, 2, 3, 4, 5, 6], emergency.List("rows").Select(row => row.GetProperty("number").GetInt32()));
        Assert.StartsWith("stateDiagram", emergency.Text("mermaid"), StringComparison.Ordinal);
        (await server.GetAsync("/api/flows/waltz")).Refused(404, "flow.unknown");
        Assert.Empty((await server.GetAsync("/api/knowledge?q=gateway")).Items());
        (await server.GetAsync("/api/knowledge/KB-1")).Refused(404, "knowledge.unknown");
        Assert.Contains((await server.GetAsync("/api/metrics")).IsOk().Json.List("metrics"), figure => figure.Text("id") == "mttr");
    }

    [Fact]
    public async Task The_OpenAPI_document_describes_every_route_of_the_outside()
    {
        var document = (await server.GetAsync("/openapi/v1.json")).IsOk().Json;
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToHashSet();
        string[] promised =
        [
            "/healthz", "/readyz", "/webhooks/alertmanager", "/api/incidents", "/api/incidents/{id}", "/api/incidents/{id}/assess",
            "/api/incidents/{id}/timeline",
            "/api/incidents/{id}/next",
            "/api/incidents/{id}/report", "/api/tools", "/api/tools/{tool}", "/api/atps/{id}", "/api/agents/{handle}",
            "/api/agents/{handle}/inbox", "/api/halts",
            "/api/halts/{id}/lift", "/api/halts/{id}/ack", "/api/approvals", "/api/approvals/{id}/decision", "/api/knowledge", "/api/metrics", "/api/flows",
            "/api/flows/{name}", "/api/events", "/v2/enqueue", "/api/knowledge/{id}", "/api/knowledge/{id}/file", "/api/runbooks", "/api/incidents/{id}/runs",
            "/api/incidents/{id}/runs/{run}/decision", "/api/incidents/{id}/runs/{run}/start", "/api/incidents/{id}/acknowledge",
            "/api/atps", "/api/approvals/{id}",
        ];
        Assert.All(promised, path => Assert.Contains(path, paths));
        var declare = document.GetProperty("paths").GetProperty("/api/incidents").GetProperty("post");
        Assert.True(declare.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _));
        Assert.Contains(declare.List("parameters"), parameter => parameter.Text("name") == "Idempotency-Key");
        Assert.Equal(JsonValueKind.Object, declare.GetProperty("responses").GetProperty("423").ValueKind);
    }
}
