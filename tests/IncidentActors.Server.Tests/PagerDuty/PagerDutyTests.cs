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
