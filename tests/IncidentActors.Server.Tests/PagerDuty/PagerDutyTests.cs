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

    [Theory]
    [InlineData("""{"source":"db-1","severity":"error"}""", "Alert of db-1")]
    [InlineData("""{"summary":" ","description":"Disk full","source":"db-1"}""", "Disk full")]
    [InlineData("""  "{\"summary\":\"Disk full\",\"source\":\"db-1\"}"  """, "Disk full")]
    public async Task A_trigger_whose_template_gave_no_summary_or_a_text_pages(string payload, string title)
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync(Path, null, $$"""{"routing_key":"k","event_action":"trigger","payload":{{payload}}}""")).Is(HttpStatusCode.Accepted);
        Assert.Equal(title, Assert.Single((await server.GetAsync("/api/incidents")).Items()).Text("title"));
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
        big.Remove("routing_key");
        (await server.PostAsync(Path, null, big.ToJsonString())).Is(HttpStatusCode.BadRequest);
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
    [InlineData("Critical", "SEV-1")]
    [InlineData("purple", "SEV-3")]
    public async Task Its_four_severities_are_ours_and_an_unknown_one_loses_no_page(string severity, string expected)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var trigger = Event("trigger");
        trigger["payload"]!["severity"] = severity;
        var reply = await server.PostAsync(Path, null, trigger);
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

    [Fact]
    public async Task Of_a_large_event_what_is_too_much_is_left_out_with_a_mark()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var trigger = Event("trigger");
        var details = new JsonObject { ["firing"] = string.Concat(Enumerable.Repeat("line of the alert\n", 61)), ["huge"] = new string('x', 600 * 1024) };
        for (var i = 0; i < 100; i++) details[$"detail-{i:D3}"] = "x";
        trigger["payload"]!["custom_details"] = details;
        var answer = (await server.PostAsync(Path, null, trigger.ToJsonString())).Is(HttpStatusCode.Accepted).Json;
        Assert.Contains("left out", answer.Text("message"), StringComparison.Ordinal);
        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        var labels = incident.GetProperty("labels");
        Assert.EndsWith("…", labels.Text("firing"), StringComparison.Ordinal);
        Assert.Equal("43", labels.Text("labels_left_out"));
        Assert.True(labels.EnumerateObject().All(label => label.Value.GetString()!.Length <= 1001));
        Assert.Contains("firing:\n\nline of the alert", incident.Text("description"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_routing_key_may_stand_in_a_header()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var key = (await guarded.TokenAsync(new { handle = "@pagerduty" })).Text("secret");
        var trigger = Event("trigger");
        trigger.Remove("routing_key");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(guarded.Server.Address, Path));
        request.Content = new StringContent(trigger.ToJsonString());
        request.Headers.Add("X-Routing-Key", key);
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.Accepted, (await http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task What_is_not_read_is_answered_with_a_sentence()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var errors = (await server.PostAsync("/v2/change/enqueue", null, Event("trigger"))).Is(HttpStatusCode.BadRequest).Json.List("errors");
        Assert.Contains("Change events", Assert.Single(errors).GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/generic/2010-04-15/create_event.json")]
    [InlineData(Path)]
    public async Task An_event_of_version_1_is_read(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var type in new[] { "trigger", "acknowledge", "resolve" })
        {
            var answer = (await server.PostAsync(path, null, $$"""
                {"service_key":"k","event_type":"{{type}}","incident_key":"srv01/HTTP","description":"HTTP of srv01","client":"Old monitor",
                 "client_url":"https://monitor.example/1","details":{"ping time":"1500ms","severity":"error"},
                 "contexts":[{"type":"link","href":"https://wiki.example/http","text":"Runbook"},{"type":"image","src":"https://graph.example/1.png"}]}
                """)).IsOk().Json;
            Assert.Equal(("success", "srv01/HTTP"), (answer.Text("status"), answer.Text("incident_key")));
        }

        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        Assert.Equal(("SEV-2", "HTTP of srv01"), (incident.Text("severity"), incident.Text("title")));
        Assert.Equal("1500ms", incident.GetProperty("labels").Text("ping time"));
        Assert.NotNull(incident.GetProperty("acknowledgedAt").GetString());
        Assert.True(incident.GetProperty("resolutionSuggested").GetBoolean());
        foreach (var link in new[] { "[Old monitor](<https://monitor.example/1>)", "[Runbook](<https://wiki.example/http>)", "https://graph.example/1.png" })
            Assert.Contains(link, incident.Text("description"), StringComparison.Ordinal);
        var refused = (await server.PostAsync(path, null, """{"service_key":"k"}""")).Is(HttpStatusCode.BadRequest).Json;
        Assert.Equal("'event_action' (version 1: 'event_type') is missing or blank", refused.List("errors")[0].GetString());
    }

    [Fact]
    public async Task Of_a_list_each_event_is_taken_though_one_is_refused()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var list = new JsonArray(Event("trigger", "a"), Event("explode"), Event("trigger", "b"));
        for (var i = 0; i < 2; i++)
        {
            var refused = (await server.PostAsync(Path, null, list.ToJsonString(), "same-key")).Is(HttpStatusCode.BadRequest).Json;
            Assert.Contains("event_action", Assert.Single(refused.List("errors")).GetString(), StringComparison.Ordinal);
            Assert.Equal(2, (await server.GetAsync("/api/incidents")).Items().Length);
        }

        list.RemoveAt(1);
        (await server.PostAsync(Path, null, list.ToJsonString())).Is(HttpStatusCode.Accepted);
        Assert.Matches("""incident_alerts_refused_total\{[^}]*event\.invalid[^}]*\} 2""", (await server.GetAsync("/metrics")).Body);
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
