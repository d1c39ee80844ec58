namespace IncidentActors.Server.Tests.Http;

/// <summary>Seed 003, user override: whatever tool the owner was refused takes the reason that the refusal asks for.</summary>
public sealed class OverrideTests : IAsyncLifetime
{
    private const string Owner = "@jonny";
    private const string Reason = "I take it on me";

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Under_a_halt_every_tool_that_writes_is_refused_to_the_owner_until_it_names_a_reason()
    {
        var incident = (await server.DeclareAsync()).Text("id");
        var proposed = (await server.PostAsync(
            $"/api/incidents/{incident}/runs",
            "@pm",
            new { runbook = "deployment-rollback", values = new { client = "shop" }, dryRun = true })).IsOk().Json;
        var runId = proposed.List("runs")[0].Text("id");
        var atpId = (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "The owner's", owner = Owner })).IsOk().Json.Text("id");
        var message = new { atpId, toAgent = Owner, messageType = "Directive", subject = "s", body = "b" };
        var messageId = (await server.PostAsync("/api/tools/message_send", "@pm", message)).IsOk().Json.Text("messageId");
        (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "stop" })).Is(System.Net.HttpStatusCode.Created);

        await OverriddenAsync("message_ack", 423, new() { ["messageId"] = messageId });
        await OverriddenAsync(
            "message_send", 423, new() { ["atpId"] = atpId, ["toAgent"] = "@pm", ["messageType"] = "Decision", ["subject"] = "s", ["body"] = "b" });
        await OverriddenAsync(
            "artifact_create", 423, new() { ["atpId"] = atpId, ["artifactType"] = "TestReport", ["title"] = "t", ["content"] = "c" });
        await OverriddenAsync(
            "handoff", 423, new() { ["atpId"] = atpId, ["toAgent"] = "@pm", ["completedWork"] = "a", ["pendingWork"] = "b", ["evidence"] = "c" });
        await OverriddenAsync("atp_create", 423, new() { ["title"] = "Another" });
        await OverriddenAsync("knowledge_import", 423, new() { ["name"] = "pool.md", ["text"] = "---\ntitle: Pool\n---\n\nNever released.\n" });
        await OverriddenAsync(
            "runbook_propose", 403,
            new() { ["incidentId"] = incident, ["runbook"] = "deployment-rollback", ["values"] = new { client = "shop" } });
        await OverriddenAsync("runbook_run", 403, new() { ["incidentId"] = incident, ["runId"] = runId });
        await OverriddenAsync("halt_raise", 403, new() { ["scope"] = "agent:@qa", ["reason"] = "me too" });
        var events = (await server.Server.Engine.Journal.FeedAsync(null, 1000, null, CancellationToken.None)).Events;
        Assert.Equal(
            ["atp", "halt", "incident", "knowledge"],
            events.Select(one => one.Name).Where(name => name.EndsWith(".overridden.v1", StringComparison.Ordinal))
                .Select(name => name.Split('.')[0]).Distinct().Order());
    }

    [Fact]
    public async Task A_declaration_is_never_halted_and_its_refusal_asks_for_no_override()
    {
        var refused = (await server.PostAsync("/api/incidents", Owner, new { title = "x", severity = "SEV-3", flow = "none" })).Refused(422, "flow.unknown");
        Assert.DoesNotContain("override", refused.Text("detail"), StringComparison.Ordinal);
    }

    private async Task OverriddenAsync(string tool, int status, Dictionary<string, object> arguments)
    {
        var refused = await server.PostAsync($"/api/tools/{tool}", Owner, arguments);
        var told = refused.Body.Contains("send it again with override", StringComparison.Ordinal);
        Assert.True((int)refused.Status == status && told, $"{tool}: {refused.Body}");
        var accepted = await server.PostAsync($"/api/tools/{tool}", Owner, new Dictionary<string, object>(arguments) { ["override"] = Reason });
        Assert.True((int)accepted.Status == 200, $"{tool}: {accepted.Body}");
    }
}
