using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>A team's token changes the team's work and nothing else, whatever tool it uses and whatever role it has.</summary>
public sealed class TeamTokenTests : IAsyncLifetime
{
    private GuardedServer guarded = null!;
    private string team = "";

    public async Task InitializeAsync()
    {
        guarded = await GuardedServer.StartAsync();
        team = (await guarded.TokenAsync(new { handle = "@kim", roles = new[] { "operator", "pm" }, team = "platform" })).Text("secret");
    }

    public async Task DisposeAsync() => await guarded.DisposeAsync();

    [Fact]
    public async Task It_does_not_decide_an_approval_of_anothers_work()
    {
        const string Atp = "AT-EMRG-01";
        var pm = (await guarded.TokenAsync(new { handle = "@pm" })).Text("secret");
        (await guarded.PostAsync("/api/tools/atp_set", pm, new { atpId = Atp, status = "InProgress", notes = "SEV-1: down" })).IsOk();
        var dev = (await guarded.TokenAsync(new { handle = "@dev" })).Text("secret");
        (await guarded.PostAsync(
            "/api/tools/handoff", dev, new { atpId = Atp, toAgent = "@pm", completedWork = "Fix", pendingWork = "Deploy", evidence = "Tests" })).IsOk();
        var approval = Assert.Single((await guarded.GetAsync("/api/approvals?state=open", guarded.Root)).Items()).Text("id");
        await RefusedAsync("approval_decide", new { approvalId = approval, decision = "approve" });
        (await guarded.PostAsync($"/api/approvals/{approval}/decision", team, new { decision = "approve" })).Refused(403, "token.team");
        Assert.Equal("open", (await guarded.GetAsync($"/api/approvals/{approval}", guarded.Root)).IsOk().Json.Text("status"));
    }

    [Fact]
    public async Task It_works_on_an_incident_of_its_team_only()
    {
        var theirs = await AsRootAsync("incident_declare", new { title = "Payments slow", severity = "SEV-2" });
        foreach (var command in new object[]
        {
            new { incidentId = theirs, command = "note", text = "x" },
            new { incidentId = theirs, command = "severity", severity = "SEV-3", reason = "x" },
            new { incidentId = theirs, command = "cancel", reason = "x" },
        })
        {
            await RefusedAsync("incident_update", command);
        }

        await RefusedAsync("runbook_propose", new { incidentId = theirs, runbook = "deployment-rollback", values = new { client = "shop" } });
        var ours = (await guarded.PostAsync("/api/tools/incident_declare", team, new { title = "Build farm slow", severity = "SEV-3" })).IsOk().Json.Text("id");
        (await guarded.PostAsync("/api/tools/incident_update", team, new { incidentId = ours, command = "note", text = "x" })).IsOk();
        await AsRootAsync("incident_update", new { incidentId = theirs, command = "responders", handle = "@kim", role = "responder" });
        (await guarded.PostAsync("/api/tools/incident_update", team, new { incidentId = theirs, command = "note", text = "x" })).IsOk();
    }

    [Fact]
    public async Task It_makes_no_work_for_another_team()
    {
        var theirs = await AsRootAsync("atp_create", new { title = "Theirs", owner = "@dev" });
        await RefusedAsync("atp_create", new { title = "Child", parentAtpId = theirs });
        await RefusedAsync("atp_create", new { title = "For them", owner = "@dev" });
        await RefusedAsync("atp_set", new { atpId = "AT-NEW-1", owner = "@dev" });
        var incident = await AsRootAsync("incident_declare", new { title = "Payments slow", severity = "SEV-2" });
        await RefusedAsync("atp_create", new { title = "In their incident", incidentId = incident });
    }

    [Fact]
    public async Task Its_SEV_1_halts_the_team_and_nobody_else()
    {
        var declared = (await guarded.PostAsync(
            "/api/tools/incident_declare", team,
            new { title = "Production down", severity = "SEV-1", labels = new { alertname = "ProductionDown", severity = "critical" } })).IsOk().Json;
        var halts = (await guarded.GetAsync("/api/halts?state=active", guarded.Root)).Items();
        Assert.NotEmpty(halts);
        Assert.All(halts, halt => Assert.Equal("team:platform", halt.Text("scope")));
        Assert.Equal("SEV-1", declared.Text("severity"));
    }

    [Fact]
    public async Task What_belongs_to_all_teams_it_does_not_change()
    {
        await RefusedAsync("knowledge_import", new { name = "lesson.md", text = "---\ntitle: Lesson\n---\nText" });
        await RefusedAsync("halt_raise", new { scope = "agent:@dev", reason = "x" });
        var everything = await AsRootAsync("halt_raise", new { scope = "all", reason = "x" });
        await RefusedAsync("halt_lift", new { haltId = everything });
    }

    /// <summary>A token for the same handle as another team's person is not that person.</summary>
    [Fact]
    public async Task The_handle_alone_gives_it_no_incident()
    {
        var theirs = await AsRootAsync("incident_declare", new { title = "Payments slow", severity = "SEV-2" });
        var namesake = (await guarded.TokenAsync(new { handle = "@operator", team = "platform" })).Text("secret");
        (await guarded.PostAsync("/api/tools/inbox", namesake, new { })).IsOk();
        (await guarded.PostAsync("/api/tools/incident_update", namesake, new { incidentId = theirs, command = "cancel", reason = "x" }))
            .Refused(403, "token.team");
    }

    private async Task<string> AsRootAsync(string tool, object arguments) =>
        (await guarded.PostAsync($"/api/tools/{tool}", guarded.Root, arguments)).IsOk().Json.Text("id");

    private async Task RefusedAsync(string tool, object arguments)
    {
        var end = await guarded.Server.EndAsync();
        (await guarded.PostAsync($"/api/tools/{tool}", team, arguments)).Refused(403, "token.team");
        Assert.Equal(end, await guarded.Server.EndAsync());
    }
}
