using System.Net;

namespace IncidentActors.Server.Tests.Http;

public sealed class IdempotencyTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_repeated_key_gives_the_first_answer()
    {
        var body = new { title = "Down", severity = "P2" };
        var first = (await server.PostAsync("/api/incidents", "@pm", body, key: "k1")).Is(HttpStatusCode.Created);
        Assert.False(first.Replayed);
        (await server.PostAsync($"/api/incidents/{first.Json.Text("id")}/note", "@pm", new { text = "meanwhile" })).IsOk();
        var end = await server.EndAsync();
        var second = (await server.PostAsync("/api/incidents", "@pm", body, key: "k1")).IsOk();
        Assert.True(second.Replayed);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(end, await server.EndAsync());
        (await server.PostAsync("/api/incidents", "@pm", new { title = "Up", severity = "P2" }, key: "k1")).Refused(422, "idempotency.key.reused");
        Assert.Equal(HttpStatusCode.Created, (await server.PostAsync("/api/incidents", "@dev", body, key: "k1")).Status);
    }

    [Theory]
    [InlineData("/api/tools/atp_create", "@pm", """{"title":"a thing"}""")]
    [InlineData("/api/tools/atp_set", "@pm", """{"atpId":"AT-1","notes":"a thing"}""")]
    [InlineData("/api/halts", "@operator", """{"scope":"agent:@qa","reason":"x"}""")]
    [InlineData("/api/tools/halt_raise", "@operator", """{"scope":"agent:@qa","reason":"x"}""")]
    [InlineData("/api/tools/incident_declare", "@pm", """{"title":"Down","severity":"P2","dedupKey":"d"}""")]
    public async Task Every_write_takes_a_key(string path, string agent, string body)
    {
        var first = await server.PostAsync(path, agent, body, key: "k");
        Assert.True((int)first.Status is 200 or 201, first.Body);
        var second = (await server.PostAsync(path, agent, body, key: "k")).IsOk();
        Assert.True(second.Replayed);
        Assert.Equal(first.Body, second.Body);
    }

    [Fact]
    public async Task A_dedup_key_gives_the_ongoing_incident_and_a_known_key_the_first_answer_whatever_has_become_of_it()
    {
        var body = new { title = "Down", severity = "P2", dedupKey = "gateway" };
        var first = (await server.PostAsync("/api/incidents", "@pm", body)).Is(HttpStatusCode.Created).Json.Text("id");
        var joined = (await server.PostAsync("/api/incidents", "@dev", body, key: "mine")).IsOk();
        Assert.Equal((first, false), (joined.Json.Text("id"), joined.Json.GetProperty("created").GetBoolean()));
        (await server.PostAsync($"/api/incidents/{first}/cancel", "@pm", new { reason = "false alarm" })).IsOk();
        var again = (await server.PostAsync("/api/incidents", "@dev", body, key: "mine")).IsOk();
        Assert.True(again.Replayed);
        Assert.Equal(first, again.Json.Text("id"));
        Assert.NotEqual(first, (await server.PostAsync("/api/incidents", "@dev", body, key: "other")).Is(HttpStatusCode.Created).Json.Text("id"));
    }

    [Fact]
    public async Task Many_at_once_with_one_key_are_one()
    {
        var body = new { title = "Down", severity = "P2" };
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.PostAsync("/api/incidents", "@pm", body, key: "once")));
        Assert.Single(replies, reply => !reply.Replayed);
        Assert.Single(replies.Select(reply => reply.Json.Text("id")).Distinct());
        Assert.Single((await server.GetAsync("/api/incidents")).Items());
    }

    [Fact]
    public async Task A_malformed_key_is_refused()
    {
        (await server.PostAsync(
            "/api/incidents",
            "@pm",
            new { title = "Down", severity = "P2" },
            key: new string('k', 300))).Refused(400, "argument.malformed");
        (await server.PostAsync("/api/incidents", "@pm", new { title = "Down", severity = "P2" }, key: "a b")).Refused(400, "argument.malformed");
        Assert.Empty((await server.GetAsync("/api/incidents")).Items());
    }
}
