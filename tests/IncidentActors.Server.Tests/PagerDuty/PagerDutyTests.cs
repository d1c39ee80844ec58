using System.Net;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Fuzz;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Tokens;

namespace IncidentActors.Server.Tests.PagerDuty;

public sealed class PagerDutyTests
{
    private const string Path = "/v2/enqueue";

    [Fact]
    public async Task Trigger_acknowledge_and_resolve_go_by_the_dedup_key()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var first = (await server.PostAsync(Path, null, Event("trigger"))).Is(HttpStatusCode.Accepted).Json;
        Assert.Equal(("success", "db-1"), (first.Text("status"), first.Text("dedup_key")));
        (await server.PostAsync(Path, null, Event("trigger"))).Is(HttpStatusCode.Accepted);
        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        Assert.Equal(("SEV-2", "Database is full", "pagerduty"), (incident.Text("severity"), incident.Text("title"), incident.Text("source")));

        (await server.PostAsync(Path, null, Event("acknowledge"))).Is(HttpStatusCode.Accepted);
        Assert.NotNull((await GetAsync()).GetProperty("acknowledgedAt").GetString());
        (await server.PostAsync(Path, null, Event("resolve"))).Is(HttpStatusCode.Accepted);
        var after = await GetAsync();
        Assert.True(after.GetProperty("resolutionSuggested").GetBoolean());
        Assert.NotEqual("resolved", after.Text("status"));

        (await server.PostAsync(Path, null, Event("resolve", "never-seen"))).Is(HttpStatusCode.Accepted);
        (await server.PostAsync(Path, null, Event("acknowledge", "never-seen"))).Is(HttpStatusCode.Accepted);
        Assert.Single((await server.GetAsync("/api/incidents")).Items());

        async Task<System.Text.Json.JsonElement> GetAsync() => (await server.GetAsync($"/api/incidents/{incident.Text("id")}")).IsOk().Json;
    }

    [Fact]
    public async Task A_trigger_without_a_key_gets_one()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var given = Event("trigger");
        given.Remove("dedup_key");
        Assert.NotEmpty((await server.PostAsync(Path, null, given)).Is(HttpStatusCode.Accepted).Json.Text("dedup_key"));
    }

    [Fact]
    public async Task What_is_no_event_is_answered_in_PagerDutys_words()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var end = await server.EndAsync();
        var refused = (await server.PostAsync(Path, null, new { event_action = "explode" })).Is(HttpStatusCode.BadRequest).Json;
        Assert.Equal("invalid event", refused.Text("status"));
        Assert.Equal(3, refused.List("errors").Length);
        (await server.PostAsync(Path, null, "{\"routing_key\":")).Is(HttpStatusCode.BadRequest);
        var big = Event("trigger");
        big["payload"]!["custom_details"] = new JsonObject { ["x"] = new string('x', 600 * 1024) };
        (await server.PostAsync(Path, null, big.ToJsonString())).Is(HttpStatusCode.RequestEntityTooLarge);
        const string Schema = """
            {"properties":{"routing_key":{"type":"string"},"event_action":{"type":"string"},"payload":{"type":"object"}}}
            """;
        var bodies = new HostileBodies(12, Event("explode"), JsonNode.Parse(Schema)!.AsObject());
        for (var i = 0; i < 1000; i++)
        {
            var reply = await server.PostAsync(Path, null, bodies.Next());
            Assert.True((int)reply.Status is >= 400 and < 500, $"{i}: {(int)reply.Status} {reply.Body}");
        }

        Assert.Equal(end, await server.EndAsync());
    }

    [Fact]
    public async Task With_tokens_the_routing_key_is_one_of_ours_and_too_many_are_told_so()
    {
        await using var guarded = await GuardedServer.StartAsync(options => options with { RequestsPerSecond = 0.001, RequestsAtOnce = 2 });
        var key = (await guarded.TokenAsync(new { handle = "@pagerduty" })).Text("secret");
        Assert.Equal(32, key.Length);
        (await guarded.PostAsync(Path, null, Event("trigger"))).Is(HttpStatusCode.BadRequest);
        (await guarded.PostAsync(Path, null, Event("trigger", key: key))).Is(HttpStatusCode.Accepted);
        (await guarded.PostAsync(Path, null, Event("resolve", key: key))).Is(HttpStatusCode.Accepted);
        (await guarded.PostAsync(Path, null, Event("trigger", key: key))).Is(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_repeated_trigger_is_no_news_and_after_a_resolve_it_fires_again()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var trigger = Event("trigger");
        trigger["payload"]!["timestamp"] = "2015-07-17T08:42:58.315+0000";
        (await server.PostAsync(Path, null, trigger)).Is(HttpStatusCode.Accepted);
        var id = Assert.Single((await server.GetAsync("/api/incidents")).Items()).Text("id");
        (await server.PostAsync(Path, null, trigger)).Is(HttpStatusCode.Accepted);
        (await server.PostAsync(Path, null, Event("trigger"))).Is(HttpStatusCode.Accepted);
        Assert.Single((await server.GetAsync($"/api/incidents/{id}/timeline")).Items(), one => one.Text("name") == "incident.alerts-joined.v1");

        (string, string, bool)[] flapping = [("resolve", "resolved", true), ("trigger", "firing", false)];
        foreach (var (action, status, suggested) in flapping.Concat(flapping))
        {
            (await server.PostAsync(Path, null, action == "trigger" ? trigger : Event(action))).Is(HttpStatusCode.Accepted);
            var view = (await server.GetAsync($"/api/incidents/{id}")).IsOk().Json;
            Assert.Equal((status, suggested), (Assert.Single(view.List("alerts")).Text("status"), view.GetProperty("resolutionSuggested").GetBoolean()));
        }

        trigger["payload"]!["severity"] = "critical";
        (await server.PostAsync(Path, null, trigger)).Is(HttpStatusCode.Accepted);
        Assert.Equal("SEV-1", (await server.GetAsync($"/api/incidents/{id}")).IsOk().Json.Text("severity"));
    }

    [Fact]
    public async Task An_acknowledgement_before_the_trigger_is_accepted_and_acknowledges_nothing()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync(Path, null, Event("acknowledge"))).Is(HttpStatusCode.Accepted);
        (await server.PostAsync(Path, null, Event("trigger"))).Is(HttpStatusCode.Accepted);
        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        Assert.Null(incident.GetProperty("acknowledgedAt").GetString());
        (await server.PostAsync($"/api/incidents/{incident.Text("id")}/cancel", "@pm", new { reason = "a test" })).IsOk();
        (await server.PostAsync(Path, null, Event("acknowledge"))).Is(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("critical", "SEV-1")]
    [InlineData("error", "SEV-2")]
    [InlineData("warning", "SEV-3")]
    [InlineData("info", "SEV-4")]
    [InlineData("Critical", null)]
    [InlineData("fatal", null)]
    public async Task Its_four_severities_are_ours(string severity, string? expected)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var trigger = Event("trigger");
        trigger["payload"]!["severity"] = severity;
        var reply = await server.PostAsync(Path, null, trigger);
        if (expected is null)
        {
            Assert.Contains("severity", Assert.Single(reply.Is(HttpStatusCode.BadRequest).Json.List("errors")).GetString(), StringComparison.Ordinal);
            return;
        }

        reply.Is(HttpStatusCode.Accepted);
        Assert.Equal(expected, Assert.Single((await server.GetAsync("/api/incidents")).Items()).Text("severity"));
    }

    [Theory]
    [InlineData("\"all of it\"", "custom_details", "all of it")]
    [InlineData("[1,{\"a\":2}]", "custom_details", "[1,{\"a\":2}]")]
    [InlineData("{\"free\":0.5,\"deep\":{\"disk\":[\"sda\"]}}", "deep", "{\"disk\":[\"sda\"]}")]
    [InlineData("{\"source\":\"another\"}", "source", "db-1.example.com")]
    [InlineData("null", "component", "postgres")]
    [InlineData("7", "custom_details", "7")]
    public async Task Details_of_any_shape_are_kept(string details, string label, string expected)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var trigger = Event("trigger");
        trigger["payload"]!["custom_details"] = JsonNode.Parse(details);
        (await server.PostAsync(Path, null, trigger)).Is(HttpStatusCode.Accepted);
        Assert.Equal(expected, Assert.Single((await server.GetAsync("/api/incidents")).Items()).GetProperty("labels").Text(label));
    }

    [Fact]
    public async Task Links_and_pictures_stand_in_the_description_and_what_is_no_link_is_left_out()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var trigger = Event("trigger");
        trigger["client_url"] = "https://monitoring.example/";
        trigger["links"] = JsonNode.Parse("""
            [
              { "href": "https://grafana.example/d/1?a=(b)", "text": "Disk [1]" },
              { "href": "javascript:alert(1)", "text": "x" },
              { "text": "none" },
              7
            ]
            """);
        trigger["images"] = JsonNode.Parse("""[{"src":"https://grafana.example/1.png","alt":"the graph"},{"src":null}]""");
        (await server.PostAsync(Path, null, trigger)).Is(HttpStatusCode.Accepted);
        Assert.Equal(
            """
            - [Some sender](<https://monitoring.example/>)
            - [Disk 1](<https://grafana.example/d/1?a=(b)>)
            - [the graph](<https://grafana.example/1.png>)
            """,
            Assert.Single((await server.GetAsync("/api/incidents")).Items()).Text("description"));
        trigger["dedup_key"] = "db-2";
        trigger["links"] = "no list";
        trigger["images"] = "no list";
        (await server.PostAsync(Path, null, trigger)).Is(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData(0, HttpStatusCode.Accepted)]
    [InlineData(1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task An_event_has_at_most_512_KB(int more, HttpStatusCode expected)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var trigger = Event("trigger");
        trigger["payload"]!["custom_details"] = new JsonObject { ["x"] = "" };
        var missing = (512 * 1024) - trigger.ToJsonString().Length;
        trigger["payload"]!["custom_details"]!["x"] = new string('x', missing + more);
        Assert.Equal((512 * 1024) + more, trigger.ToJsonString().Length);
        (await server.PostAsync(Path, null, trigger.ToJsonString())).Is(expected);
    }

    private static JsonObject Event(string action, string dedup = "db-1", string key = "0123456789abcdef0123456789abcdef") => new()
    {
        ["routing_key"] = key,
        ["event_action"] = action,
        ["dedup_key"] = dedup,
        ["client"] = "Some sender",
        ["payload"] = new JsonObject
        {
            ["summary"] = "Database is full",
            ["source"] = "db-1.example.com",
            ["severity"] = "error",
            ["component"] = "postgres",
            ["custom_details"] = new JsonObject { ["free"] = "0 B" },
        },
    };
}
