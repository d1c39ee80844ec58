using System.Net;
using System.Text;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>What clients of MCP send over HTTP that the SDK's clients do not.</summary>
public sealed class McpDoorTests : IAsyncLifetime
{
    private const string Session = "Mcp-Session-Id";

    private ServerUnderTest server = null!;
    private HttpClient client = null!;

    public async Task InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync();
        client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Add("X-Agent", "@dev");
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("2025-11-25", "2025-11-25")]
    [InlineData("2025-03-26", "2025-03-26")]
    [InlineData("9999-01-01", "2025-11-25")]
    public async Task A_handshake_for_an_unknown_revision_is_answered_with_the_latest(string asked, string answered) =>
        Assert.Contains($"\"protocolVersion\":\"{answered}\"", (await InitializeAsync(asked)).Body, StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("\"{\\\"limit\\\":5}\"")]
    [InlineData("{\"kwargs\":{\"limit\":5}}")]
    [InlineData("{\"args\":\"{\\\"limit\\\":5}\"}")]
    public async Task Arguments_may_be_an_empty_list_or_written_into_a_text(string arguments)
    {
        var (session, _) = await InitializeAsync("2025-11-25");
        var (status, body) = await CallAsync(session, arguments);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("Nothing waits for you.", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"capabilities":{},"clientInfo":{"name":"t","version":"1"}}""")]
    [InlineData("""{"protocolVersion":20250618,"capabilities":[],"clientInfo":{"name":"t"}}""")]
    [InlineData("""{"protocolVersion":"2025-11-25"}""")]
    public async Task A_handshake_that_leaves_something_out_is_one(string parameters)
    {
        var (answer, body) = await SendAsync(null, $$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{{parameters}}}""");
        using (answer) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"protocolVersion\":\"2025-11-25\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_cursor_is_none()
    {
        var (session, _) = await InitializeAsync("2025-11-25");
        var (answer, body) = await SendAsync(session, """{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"cursor":""}}""");
        using (answer) Assert.Contains("\"name\":\"inbox\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_reads_streams_only_is_answered()
    {
        client.DefaultRequestHeaders.Accept.ParseAdd("text/event-stream");
        Assert.Contains("protocolVersion", (await InitializeAsync("2025-11-25")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ended_session_is_unknown_at_once_whatever_is_sent_to_it()
    {
        for (var round = 0; round < 100; round++)
        {
            var (session, _) = await InitializeAsync("2025-11-25");
            var calls = Enumerable.Range(0, 4).Select(_ => CallAsync(session, "{}")).ToList();
            using (var end = new HttpRequestMessage(HttpMethod.Delete, "/mcp") { Headers = { { Session, session } } })
            using (await client.SendAsync(end)) { }
            foreach (var (status, body) in await Task.WhenAll(calls))
            {
                Assert.True(
                    body.Contains("Session not found", StringComparison.Ordinal)
                    || (status == HttpStatusCode.OK && body.Contains("Nothing waits for you.", StringComparison.Ordinal)),
                    $"{status}: {body}");
            }

            Assert.Equal(HttpStatusCode.NotFound, (await CallAsync(session, "{\"wait\":25}")).Status);
        }
    }

    private async Task<(string Session, string Body)> InitializeAsync(string revision)
    {
        var (answer, body) = await SendAsync(null, $$$$"""
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"{{{{revision}}}}","capabilities":{},
             "clientInfo":{"name":"t","version":"1"}}}
            """);
        using (answer) return (answer.Headers.GetValues(Session).Single(), body);
    }

    private async Task<(HttpStatusCode Status, string Body)> CallAsync(string session, string arguments)
    {
        var (answer, body) = await SendAsync(
            session, $$$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"inbox","arguments":{{{{arguments}}}}}}""");
        using (answer) return (answer.StatusCode, body);
    }

    /// <summary>Without the header Accept.</summary>
    private async Task<(HttpResponseMessage Answer, string Body)> SendAsync(string? session, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (session is not null) request.Headers.Add(Session, session);
        var answer = await client.SendAsync(request);
        return (answer, await answer.Content.ReadAsStringAsync());
    }
}
