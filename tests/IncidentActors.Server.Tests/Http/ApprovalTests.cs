namespace IncidentActors.Server.Tests.Http;

public sealed class ApprovalTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;
    private string id = "";

    public async Task InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/atp_set", "@pm", new { atpId = "AT-EMRG-01", status = "InProgress", notes = "SEV-1: down" })).IsOk();
        (await server.PostAsync(
            "/api/tools/handoff",
            "@dev",
            new { atpId = "AT-EMRG-01", toAgent = "@pm", completedWork = "Fix", pendingWork = "Deploy", evidence = "Tests" })).IsOk();
        id = Assert.Single((await server.GetAsync("/api/approvals?state=open")).Items()).Text("id");
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task An_approval_is_decided_once_by_its_role()
    {
        var path = $"/api/approvals/{id}/decision";
        (await server.PostAsync(path, "@dev", new { decision = "approve" })).Refused(403, "approval.role");
        (await server.PostAsync(path, "@pm", new { decision = "perhaps" })).Refused(400, "argument.malformed");
        (await server.PostAsync(path, "@pm", new { decision = "approve", option = "reject" })).Refused(400, "argument.malformed");
        (await server.PostAsync(path, "@pm", new { decision = "approve", option = "dance" })).Refused(422, "approval.option.unknown");
        var decided = (await server.PostAsync(path, "@pm", new { decision = "approve", note = "go" })).IsOk().Json;
        Assert.Equal(("approved", "@pm", "go"), (decided.Text("status"), decided.Text("decidedBy"), decided.Text("note")));
        var again = (await server.PostAsync(path, "@pm", new { decision = "reject" })).Refused(409, "approval.decided");
        Assert.Equal("approved", again.GetProperty("current").Text("status"));
        Assert.Equal("approved", (await server.GetAsync($"/api/approvals/{id}")).IsOk().Json.Text("status"));
        Assert.Empty((await server.GetAsync("/api/approvals?state=open")).Items());
        var gates = (await server.GetAsync("/api/atps/AT-EMRG-01")).IsOk().Json.List("gates");
        Assert.All(gates, gate => Assert.Equal("@pm", gate.GetProperty("verified").Text("by")));
    }

    [Fact]
    public async Task A_repeated_key_gives_the_first_answer_whatever_has_become_of_the_approval()
    {
        var path = $"/api/approvals/{id}/decision";
        var first = (await server.PostAsync(path, "@pm", new { decision = "approve" }, key: "k")).IsOk();
        Assert.Equal((id, "approved"), (first.Json.Text("id"), first.Json.Text("status")));
        (await server.PostAsync(
            "/api/tools/handoff",
            "@dev",
            new { atpId = "AT-EMRG-01", toAgent = "@pm", completedWork = "Another fix", pendingWork = "Deploy", evidence = "Tests" })).IsOk();
        Assert.Equal("voided", (await server.GetAsync($"/api/approvals/{id}")).IsOk().Json.Text("status"));
        var again = (await server.PostAsync(path, "@pm", new { decision = "approve" }, key: "k")).IsOk();

        Assert.Equal((true, first.Body), (again.Replayed, again.Body));
    }

    [Fact]
    public async Task A_rejection_sends_the_work_back()
    {
        (await server.PostAsync("/api/tools/approval_decide", "@pm", new { approvalId = id, decision = "reject", note = "no rollback" })).IsOk();
        Assert.Equal("InProgress", (await server.GetAsync("/api/atps/AT-EMRG-01")).IsOk().Json.Text("status"));
        (await server.PostAsync("/api/approvals/APR-1/decision", "@pm", new { decision = "approve" })).Refused(404, "approval.unknown");
        (await server.GetAsync("/api/approvals/APR-1")).Refused(404, "approval.unknown");
        (await server.GetAsync("/api/approvals?state=odd")).Refused(400, "argument.malformed");
    }
}
