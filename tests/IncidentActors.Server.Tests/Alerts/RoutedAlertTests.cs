using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Tokens;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>Rules at work: whose alert is whose, what joins and raises, what waits, and what an incident shows of it.</summary>
public sealed class RoutedAlertTests : IDisposable
{
    private const string Path = "/webhooks/alertmanager";

    private readonly string file = System.IO.Path.GetTempFileName();
    private readonly FakeTimeProvider time = TestClock.Start();

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task Groups_and_alerts_belong_to_their_Alertmanager()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await SendAsync(server, Webhook("g", "http://am.eu", Alert("a")));
        await SendAsync(server, Webhook("g", "http://am.us", Alert("a")));
        Assert.Equal(2, (await server.GetAsync("/api/incidents")).Items().Length);
        await SendAsync(server, Webhook("g", "http://am.us", Alert("a", status: "resolved")));
        Assert.Single((await server.GetAsync("/api/incidents")).Items(), incident => incident.GetProperty("resolutionSuggested").GetBoolean());
    }

    [Fact]
    public async Task A_dedup_key_belongs_to_its_integration()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var keys = new[] { (await Key()).Text("secret"), (await Key()).Text("secret") };
        foreach (var (key, host) in keys.Zip(["shop-1", "lab-9"])) await guarded.PostAsync("/v2/enqueue", null, Event(key, "trigger", $"CPU of {host}"));
        var incidents = (await guarded.GetAsync("/api/incidents", guarded.Root)).Items();
        Assert.Equal(["CPU of lab-9", "CPU of shop-1"], incidents.Select(incident => incident.Text("title")).Order());
        await guarded.PostAsync("/v2/enqueue", null, Event(keys[1], "resolve", ""));
        Assert.Equal(
            "CPU of lab-9",
            Assert.Single(
                (await guarded.GetAsync("/api/incidents", guarded.Root)).Items(), incident => incident.GetProperty("resolutionSuggested").GetBoolean())
                .Text("title"));

        Task<JsonElement> Key() => guarded.TokenAsync(new { handle = "@pagerduty" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task An_empty_key_is_no_key(string key)
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var title in new[] { "Login slow", "Backups fail" })
            await server.PostAsync("/api/tools/incident_declare", "@sre", new { title, severity = "SEV-3", dedupKey = key });
        Assert.Equal(2, (await server.GetAsync("/api/incidents")).Items().Length);
    }

    [Fact]
    public async Task An_alert_that_raises_an_incident_is_named_in_messages_halt_and_notices()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await SendAsync(server, Webhook("{}:{}", null, Alert("a")));
        var payment = Alert("b", "PaymentDown", "critical");
        payment["annotations"] = new JsonObject { ["summary"] = "Payments return errors" };
        await SendAsync(server, Webhook("{}:{}", null, payment));

        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        Assert.Equal("SEV-1", incident.Text("severity"));
        Assert.Contains("PaymentDown", Assert.Single((await server.GetAsync("/api/halts")).Items()).Text("reason"), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => (await MessagesAsync(server, "@pm")).Any(message => message.Text("subject").Contains("New alert", StringComparison.Ordinal)
                && message.Text("body").Contains("PaymentDown: Payments return errors", StringComparison.Ordinal)),
            "the commander is told of the alert");
        await Eventually.TrueAsync(
            async () => (await MessagesAsync(server, "@owen")).Any(message => message.Text("subject").Contains("PaymentDown", StringComparison.Ordinal)),
            "the responders are called for the alert");
    }

    [Fact]
    public async Task Flapping_alerts_make_one_open_message()
    {
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        for (var i = 0; i < 5; i++)
        {
            var started = time.GetUtcNow().AddSeconds(-20).ToString("O");
            await SendAsync(server, Webhook("g", null, Alert("a", started: started)));
            time.Advance(TimeSpan.FromSeconds(30));
            var ended = time.GetUtcNow().AddSeconds(-1).ToString("O");
            await SendAsync(server, Webhook("g", null, Alert("a", status: "resolved", started: started, ended: ended)));
            await Eventually.TrueAsync(async () => (await ResolvedAsync()) == 1, "the suggestion");
            time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(1, await ResolvedAsync());

        async Task<int> ResolvedAsync() =>
            (await MessagesAsync(server, "@pm")).Count(message => message.Text("subject").StartsWith("All alerts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_later_start_of_an_unbroken_firing_tells_nobody_anything()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await SendAsync(server, Webhook("g", null, Alert("a")));
        var told = await MessagesAsync(server, "@pm");
        await SendAsync(server, Webhook("g", null, Alert("a", started: "2026-01-26T15:00:00Z")));
        var end = await server.EndAsync();
        await SendAsync(server, Webhook("g", null, Alert("a", started: "2026-01-26T15:00:00Z")));
        Assert.Equal(end, await server.EndAsync());
        Assert.Equal(told.Count(), (await MessagesAsync(server, "@pm")).Count());
    }

    [Fact]
    public async Task A_held_alert_declares_when_it_has_fired_for_its_time_and_not_when_it_resolves_before()
    {
        await using var server = await StartAsync(
            "rules: [{ name: flapping, when: { labels: { alertname: [LinkDown] } }, set: { hold: 5m, severity: SEV-2 } }]");
        var began = time.GetUtcNow().ToString("O");
        var answer = await SendAsync(server, Webhook("g", null, Alert("a", "LinkDown", started: began), Alert("b", "LinkDown", started: began)));
        Assert.Empty(answer.List("incidents"));
        Assert.All(answer.List("ignored"), ignored => Assert.Contains("held back", ignored.Text("reason"), StringComparison.Ordinal));
        time.Advance(TimeSpan.FromMinutes(2));
        await SendAsync(server, Webhook("g", null, Alert("b", "LinkDown", "high", "resolved", began, time.GetUtcNow().ToString("O"))));
        time.Advance(TimeSpan.FromMinutes(4));
        await Eventually.TrueAsync(async () => (await server.GetAsync("/api/incidents")).Items().Length == 1, "the declaration");
        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        Assert.EndsWith("a", Assert.Single(incident.List("alerts")).Text("fingerprint"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_of_a_rule_takes_alerts_for_its_time()
    {
        await using var server = await StartAsync(
            "rules: [{ name: by-cluster, when: { labels: { cluster: ['*'] } }, set: { group: [cluster], groupFor: 1h, severity: SEV-3 } }]");
        await SendAsync(server, Webhook("g1", null, InCluster("a", "eu")));
        await SendAsync(server, Webhook("g2", null, InCluster("b", "eu"), InCluster("c", "us")));
        Assert.Equal([1, 2], (await server.GetAsync("/api/incidents")).Items().Select(incident => incident.List("alerts").Length).Order());
        time.Advance(TimeSpan.FromHours(2));
        await SendAsync(server, Webhook("g3", null, InCluster("d", "eu")));
        await SendAsync(server, Webhook("g4", null, InCluster("e", "eu")));
        Assert.Equal([1, 2, 2], (await server.GetAsync("/api/incidents")).Items().Select(incident => incident.List("alerts").Length).Order());

        static JsonObject InCluster(string fingerprint, string cluster)
        {
            var alert = Alert(fingerprint);
            alert["labels"]!["cluster"] = cluster;
            return alert;
        }
    }

    [Fact]
    public async Task A_rule_sets_everything_of_an_incident_and_the_incident_shows_which()
    {
        await using var server = await StartAsync("""
            rules:
              - name: mine
                set: { severity: SEV-2, category: data, service: backups, flow: standard, commander: "@sre", responders: ["@qa"] }
            """);
        await SendAsync(server, Webhook("g", null, Alert("a", severity: "purple")));
        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        Assert.Equal(
            ("SEV-2", "data", "@sre", "backups"),
            (incident.Text("severity"), incident.Text("category"), incident.Text("commander"), incident.GetProperty("labels").Text("service")));
        Assert.Contains(incident.List("responders"), responder => responder.Text("handle") == "@qa");
        Assert.Contains("severity SEV-2 by mine", incident.Text("route"), StringComparison.Ordinal);
        Assert.Contains("'purple' is unknown", incident.Text("route"), StringComparison.Ordinal);
        Assert.Contains("by mine", (await server.GetAsync($"/api/incidents/{incident.Text("id")}/report")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("staging", false)]
    [InlineData("production", true)]
    public async Task Only_production_halts(string environment, bool halts)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var alert = Alert("a", severity: "critical");
        alert["labels"]!["env"] = environment;
        await SendAsync(server, Webhook("g", null, alert));
        Assert.Equal("SEV-1", Assert.Single((await server.GetAsync("/api/incidents")).Items()).Text("severity"));
        Assert.Equal(halts ? 1 : 0, (await server.GetAsync("/api/halts")).Items().Length);
    }

    [Fact]
    public async Task Shadow_is_told_as_shadow()
    {
        await using var server = await StartAsync(Core.Routes.RoutesYaml.ShippedText().Replace("mode: enforce", "mode: shadow", StringComparison.Ordinal));
        await SendAsync(server, Webhook("g", null, Alert("a", "LeakedCredential", "critical")));
        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        Assert.Equal(("SEV-1", "security"), (incident.Text("severity"), incident.Text("category")));
        Assert.All((await server.GetAsync("/api/halts")).Items(), halt => Assert.Equal("shadow", halt.Text("status")));
        var report = (await server.GetAsync($"/api/incidents/{incident.Text("id")}/report")).Body;
        Assert.Contains("Shadow: other work would have been halted", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Other work halted", report, StringComparison.Ordinal);
        (await server.PostAsync("/api/tools/atp_create", "@qa", new { title = "Tidy the log", owner = "@qa", flow = "standard" })).IsOk();
    }

    [Fact]
    public async Task A_category_is_corrected_with_responders_and_chain()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await SendAsync(server, Webhook("g", null, Alert("a", "Strange", "high")));
        var id = Assert.Single((await server.GetAsync("/api/incidents")).Items()).Text("id");
        var after = (await server.PostAsync($"/api/incidents/{id}/recategorize", "@pm", new { category = "security", reason = "a token leaked" })).IsOk().Json;
        var handles = after.List("responders").Select(responder => responder.Text("handle")).ToHashSet();
        Assert.Equal("security", after.Text("category"));
        Assert.Superset(new HashSet<string> { "@victor", "@sam" }, handles);
        Assert.Empty(handles.Intersect(["@owen", "@derek"]));
        await Eventually.TrueAsync(
            async () => (await MessagesAsync(server, "@victor")).Any(message => message.GetProperty("requiresAck").GetBoolean()), "the directive");
        (await server.PostAsync($"/api/incidents/{id}/recategorize", "@qa", new { category = "data" })).Refused(403, "incident.role");
    }

    [Fact]
    public async Task A_recorded_notification_is_tried_without_declaring()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var end = await server.EndAsync();
        var payload = Webhook("g", null, Alert("a", "LeakedCredential", "critical"), Alert("b", severity: "info")).ToJsonString();
        var alerts = (await server.PostAsync("/api/routes/test", "@operator", new { payload })).IsOk().Json.List("alerts");
        Assert.Equal(("SEV-1", "security", "security-breach (enforce)"), (alerts[0].Text("severity"), alerts[0].Text("category"), alerts[0].Text("condition")));
        Assert.True(alerts[0].GetProperty("halts").GetBoolean());
        Assert.False(alerts[1].GetProperty("declares").GetBoolean());
        Assert.Equal(end, await server.EndAsync());
        (await server.PostAsync("/api/routes/test", "@operator", new { payload = "{}" })).Refused(400, "argument.malformed");
    }

    private Task<ServerUnderTest> StartAsync(string routes)
    {
        File.WriteAllText(file, routes);
        return ServerUnderTest.StartAsync(options => options with { Time = time }, options => options with { Routes = file });
    }

    private static async Task<JsonElement[]> MessagesAsync(ServerUnderTest server, string handle) =>
        (await server.GetAsync($"/api/agents/{handle}/inbox?limit=500")).IsOk().Json.List("messages");

    private static async Task<JsonElement> SendAsync(ServerUnderTest server, JsonObject webhook) =>
        (await server.PostAsync(Path, null, webhook.ToJsonString())).IsOk().Json;

    private static object Event(string key, string action, string summary) => new
    {
        routing_key = key, event_action = action, dedup_key = "cpu-high", payload = new { summary, source = "zabbix", severity = "warning" },
    };

    private static JsonObject Webhook(string group, string? externalUrl, params JsonObject[] alerts) => new()
    {
        ["version"] = "4", ["groupKey"] = group, ["status"] = "firing", ["externalURL"] = externalUrl, ["alerts"] = new JsonArray([.. alerts]),
    };

    private static JsonObject Alert(
        string fingerprint, string name = "DiskFull", string severity = "high", string status = "firing", string started = "2026-01-26T14:23:00Z",
        string? ended = null) => new()
    {
        ["status"] = status,
        ["labels"] = new JsonObject { ["alertname"] = name, ["severity"] = severity },
        ["startsAt"] = started,
        ["endsAt"] = ended ?? (status == "firing" ? "0001-01-01T00:00:00Z" : "2026-01-26T14:45:00Z"),
        ["fingerprint"] = fingerprint,
    };
}
