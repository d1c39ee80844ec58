using System.Net;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Permits;

/// <summary>Permits over HTTP: statuses, lists, the long poll, and what a halt says of them.</summary>
public sealed class PermitHttpTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_permit_is_granted_renewed_and_ended()
    {
        var granted = await server.PostAsync("/api/permits", "@sre", new { action = "deploy", target = "checkout", environment = "production" }, key: "one");
        var permit = granted.Is(HttpStatusCode.Created).Json;
        Assert.Equal($"/api/permits/{permit.Text("id")}", granted.Location);
        Assert.Equal(("open", "@sre", 120), (permit.Text("status"), permit.Text("holder"), permit.GetProperty("seconds").GetInt32()));
        Assert.True((await server.PostAsync(
            "/api/permits", "@sre", new { action = "deploy", target = "checkout", environment = "production" }, key: "one")).IsOk().Replayed);
        (await server.PostAsync($"{granted.Location}/renew", "@dev", new { })).Refused(403, "permit.holder");
        (await server.PostAsync($"{granted.Location}/renew", "@sre", new { })).IsOk();
        Assert.Equal("done", (await server.PostAsync($"{granted.Location}/end", "@sre", new { outcome = "done" })).IsOk().Json.Text("status"));
        (await server.PostAsync($"{granted.Location}/renew", "@sre", new { })).Refused(409, "permit.ended");
        (await server.PostAsync("/api/permits/PRM-none/renew", "@sre", new { })).Refused(404, "permit.unknown");
        (await server.PostAsync("/api/permits", "@sre", new { action = "deploy" })).Refused(422, "permit.incomplete");
        (await server.PostAsync("/api/permits", "@sre", new { action = "two words" })).Refused(400, "argument.malformed");
    }

    [Fact]
    public async Task A_halt_refuses_new_ones_ends_open_ones_and_tells_who_waits()
    {
        var granted = await server.PostAsync("/api/permits", "@sre", new { action = "deploy", target = "checkout", path = "guard" });
        var id = granted.Is(HttpStatusCode.Created).Json.Text("id");
        var waiting = server.GetAsync($"/api/permits/{id}?wait=60s");
        var halt = (await server.PostAsync("/api/halts", "@operator", new { scope = "service:checkout", mode = "outside", reason = "double charges" }))
            .Is(HttpStatusCode.Created).Json;
        Assert.Equal("outside", halt.Text("mode"));
        Assert.NotEqual(default, halt.GetProperty("permits").GetProperty("mustEndBy").GetDateTimeOffset());
        Assert.Equal("halted", (await waiting).IsOk().Json.Text("status"));

        var refused = (await server.PostAsync("/api/permits", "@sre", new { action = "deploy", target = "checkout" })).Refused(423, "halt.covers");
        Assert.Equal("double charges", refused.GetProperty("halt").Text("reason"));
        (await server.PostAsync($"/api/permits/{id}/renew", "@sre", new { })).Refused(423, "permit.ended");
        (await server.PostAsync("/api/tools/atp_create", "@sre", new { title = "Work goes on" })).IsOk();

        var status = (await server.GetAsync($"/api/halts/{halt.Text("id")}")).IsOk().Json;
        Assert.Equal(id, Assert.Single(status.GetProperty("permits").List("permits")).Text("id"));
        Assert.Equal("guard", Assert.Single((await server.GetAsync("/api/agents/@sre")).IsOk().Json.List("guards")).GetString());
        (await server.PostAsync($"/api/permits/{id}/end", "@sre", new { outcome = "unknown", notes = "stopped" })).IsOk();
        var quiet = (await server.GetAsync($"/api/halts/{halt.Text("id")}")).IsOk().Json.GetProperty("permits");
        Assert.Equal((1, 1), (quiet.GetProperty("atRaise").GetInt32(), quiet.GetProperty("confirmed").GetInt32()));
        Assert.NotEqual(default, quiet.GetProperty("quietAt").GetDateTimeOffset());
        Assert.Equal(id, Assert.Single((await server.GetAsync("/api/permits?open=true")).Items()).Text("id"));
        Assert.Contains(id, (await server.GetAsync("/")).IsOk().Body, StringComparison.Ordinal);
        Assert.Contains("1 running when the halt was raised", (await server.GetAsync($"/halts/{halt.Text("id")}")).IsOk().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_say_how_many_ended_actions_may_still_run()
    {
        var permit = (await server.PostAsync("/api/permits", "@sre", new { action = "deploy", target = "checkout" }))
            .Is(HttpStatusCode.Created).Json.Text("id");
        (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "double charges" })).Is(HttpStatusCode.Created);
        await Eventually.TrueAsync(() => ShowsAsync("incident_halts_outside", 1), "one action that may still run");
        (await server.PostAsync($"/api/permits/{permit}/end", "@sre", new { outcome = "unknown" })).IsOk();
        await Eventually.TrueAsync(() => ShowsAsync("incident_halts_outside", 0), "none that may still run");
        await Eventually.TrueAsync(() => ShowsAsync("incident_permits_unknown", 1), "one whose outcome is not known");

        async Task<bool> ShowsAsync(string name, int value) => System.Text.RegularExpressions.Regex.IsMatch(
            (await server.GetAsync("/metrics")).Body, $@"(?m)^{name}(\{{[^}}]*\}})? {value}(\s|$)");
    }

    [Fact]
    public async Task Agents_that_no_enforcement_point_holds_are_named_everywhere()
    {
        (await server.PostAsync("/api/permits", "@sre", new { action = "deploy", target = "checkout", path = "guard" })).Is(HttpStatusCode.Created);
        (await server.PostAsync("/api/tools/atp_create", "@web", new { title = "Tidy", owner = "@web" })).IsOk();
        var id = (await server.PostAsync("/api/halts", "@operator", new { scope = "service:checkout", reason = "double charges" }))
            .Is(HttpStatusCode.Created).Json.Text("id");
        Assert.Equal(["@web"], Others((await server.GetAsync($"/api/halts/{id}")).IsOk().Json));
        Assert.Equal(["@web"], Others((await server.PostAsync("/api/tools/halt_status", "@dev", new { haltId = id })).Items()[0]));
        Assert.Contains("not guarded: @web", (await server.GetAsync($"/halts/{id}")).IsOk().Body, StringComparison.Ordinal);
        var run = new Cli.CliRun { At = server.Address };
        Assert.Equal(0, await run.RunAsync("halt", "status", id));
        Assert.Matches(@"not guarded\s+@web", run.Output);

        static IEnumerable<string?> Others(System.Text.Json.JsonElement halt) => halt.List("othersNotGuarded").Select(one => one.GetString());
    }

    [Fact]
    public async Task A_required_briefing_comes_with_the_inbox_and_is_acknowledged_before_work_goes_on()
    {
        (await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "Tidy", owner = "@dev" })).IsOk();
        var halt = (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "double charges", briefing = "required" }))
            .Is(HttpStatusCode.Created).Json;
        Assert.True(halt.GetProperty("briefingRequired").GetBoolean());
        var id = halt.Text("id");
        (await server.PostAsync($"/api/halts/{id}/lift", "@operator", new { scope = "agent:@dev" })).IsOk();
        (await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "Go on" })).Refused(422, "halt.briefing");
        (await server.PostAsync("/api/tools/atp_create", "@sre", new { title = "Go on" })).Refused(423, "halt.covers");
        var briefing = Assert.Single((await server.GetAsync("/api/agents/@dev/inbox", "@dev")).IsOk().Json.List("briefing"));
        Assert.Equal((id, true), (briefing.Text("haltId"), briefing.GetProperty("required").GetBoolean()));
        (await server.PostAsync($"/api/halts/{id}/ack", "@dev", new { })).IsOk();
        (await server.PostAsync("/api/tools/atp_create", "@dev", new { title = "Go on" })).IsOk();
        (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "x", briefing = "perhaps" })).Refused(400, "argument.malformed");
    }
}
