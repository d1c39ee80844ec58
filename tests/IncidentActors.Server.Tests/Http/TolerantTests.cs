using System.Net;
using System.Text;
using System.Text.Json;

namespace IncidentActors.Server.Tests.Http;

/// <summary>What clients of every kind send: it is understood, or refused by a sentence that says what would be.</summary>
public sealed class TolerantTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    /// <summary>Load balancers and monitors ask so; a stream of events must not keep them.</summary>
    [Theory]
    [InlineData("/healthz", 200, "application/json")]
    [InlineData("/readyz", 200, "application/json")]
    [InlineData("/", 200, "text/html")]
    [InlineData("/api/incidents", 200, "application/json")]
    [InlineData("/api/incidents/INC-0", 404, "application/problem+json")]
    [InlineData("/api/nowhere", 404, "application/problem+json")]
    [InlineData("/api/events", 200, "text/event-stream")]
    [InlineData("/webhooks/alertmanager", 405, "application/problem+json")]
    public async Task What_can_be_got_can_be_asked_for_its_headers(string path, int status, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        if (type == "text/html") request.Headers.Add("Accept", "text/html");
        var reply = await server.SendAsync(request);
        Assert.Equal(((HttpStatusCode)status, type, ""), (reply.Status, reply.MediaType, reply.Body));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("gzip, identity")]
    public async Task A_compressed_body_is_refused_as_such(string encoding)
    {
        foreach (var path in new[] { "/api/incidents", "/api/tools/atp_create" })
            Assert.Contains("uncompressed", (await SendAsync(path, "{}", encoding)).Refused(415, "request.encoding").Text("detail"), StringComparison.Ordinal);
        (await SendAsync("/api/incidents", """{"title":"x","severity":"P2"}""", "identity")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_JSON()
    {
        (await SendAsync("/api/incidents", "\uFEFF" + """{"title":"x","severity":"P2"}""")).Is(HttpStatusCode.Created);
        (await SendAsync("/api/incidents", "\uFEFF")).Refused(400, "argument.missing");
        (await SendAsync("/api/incidents", "\uFEFF\uFEFF{}")).Refused(400, "argument.malformed");
    }

    [Theory]
    [InlineData("2026-01-26T14:23:00")]
    [InlineData("2026-01-26T14:23")]
    [InlineData("2026-01-26T14:23:00Z")]
    [InlineData("2026-01-26T15:23:00+01:00")]
    [InlineData("2026-01-26T14:23:00.0000000001Z")]
    public void A_time_without_a_zone_is_UTC_wherever_the_server_stands(string text)
    {
        var read = JsonSerializer.Deserialize($"\"{text}\"", Server.Json.ServerJson.Info<DateTimeOffset>());
        Assert.Equal(new DateTimeOffset(2026, 1, 26, 14, 23, 0, TimeSpan.Zero), read);
        Assert.True(text.Contains('+', StringComparison.Ordinal) || read.Offset == TimeSpan.Zero);
    }

    /// <summary>The year 1 is Go's time that was never set, 1970 that of others; averages over them say nothing.</summary>
    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    public async Task A_time_that_was_never_set_is_nobodys_first_sign(string never)
    {
        (await server.PostAsync("/api/incidents", "@pm", new { title = "x", severity = "P2", startedAt = never })).Refused(422, "incident.times");
        var alert = new { status = "firing", labels = new { alertname = "a" }, startsAt = never, fingerprint = "a" };
        (await server.PostAsync("/webhooks/alertmanager", null, new { version = "4", groupKey = "g", alerts = new[] { alert } })).IsOk();
        var payload = new { summary = "s", source = "h", severity = "error", timestamp = never };
        var sent = new { routing_key = "k", event_action = "trigger", dedup_key = "d", payload };
        (await server.PostAsync("/v2/enqueue", null, sent)).Is(HttpStatusCode.Accepted);
        var incidents = (await server.GetAsync("/api/incidents")).Items();
        Assert.Equal(2, incidents.Length);
        Assert.All(incidents, incident => Assert.True(incident.GetProperty("startedAt").GetDateTimeOffset().Year > 2000));
    }

    private async Task<Reply> SendAsync(string path, string body, string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (encoding is not null) request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return await server.SendAsync(request, "@pm");
    }
}
