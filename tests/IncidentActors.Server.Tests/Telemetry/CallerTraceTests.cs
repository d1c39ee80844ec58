using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>An agent's <c>traceparent</c> is stored with the events of its turn, whichever way it comes.</summary>
public sealed class CallerTraceTests : IAsyncLifetime
{
    private const string ByHeader = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string ByMessage = "00-1af7651916cd43dd8448eb211c80319c-c7ad6b7169203331-01";

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(ByHeader, ByHeader)]
    [InlineData("00-nonsense", null)]
    public async Task Over_http(string header, string? kept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tools/atp_create") { Content = new StringContent("""{"title":"over http"}""") };
        request.Headers.TryAddWithoutValidation("traceparent", header);
        (await server.SendAsync(request, "@pm")).Is(System.Net.HttpStatusCode.OK);
        Assert.All(await EventsAsync(), stored => Assert.Equal(kept, stored.Trace));
    }

    [Theory]
    [InlineData(ByHeader, null, ByHeader)]
    [InlineData(null, ByMessage, ByMessage)]
    [InlineData(ByHeader, ByMessage, ByMessage)]
    public async Task Over_mcp_the_message_goes_before_the_header(string? header, string? meta, string kept)
    {
        var session = await McpAsync(
            null, null,
            new
            {
                jsonrpc = "2.0",
                id = 1,
                method = "initialize",
                @params = new { protocolVersion = "2025-06-18", capabilities = new { }, clientInfo = new { name = "t", version = "1" } },
            });
        await McpAsync(session, null, new { jsonrpc = "2.0", method = "notifications/initialized" });
        object parameters = meta is null
            ? new { name = "atp_create", arguments = new { title = "over mcp" } }
            : new { name = "atp_create", arguments = new { title = "over mcp" }, _meta = new { traceparent = meta } };
        await McpAsync(session, header, new { jsonrpc = "2.0", id = 2, method = "tools/call", @params = parameters });
        var created = (await EventsAsync()).Where(stored => stored.Actor.Kind == ActorKind.Atp).ToList();
        Assert.NotEmpty(created);
        Assert.All(created, stored => Assert.Equal(kept, stored.Trace));
    }

    private async Task<string> McpAsync(string? session, string? trace, object message)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/mcp?tools=all"));
        request.Content = new StringContent(JsonSerializer.Serialize(message));
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("X-Agent", "@pm");
        if (session is not null) request.Headers.Add("Mcp-Session-Id", session);
        if (trace is not null) request.Headers.Add("traceparent", trace);
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        Assert.DoesNotContain("\"isError\":true", body, StringComparison.Ordinal);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private async Task<IReadOnlyList<StoredEvent>> EventsAsync() => (await server.Server.Engine.Journal.FeedAsync(null, 1000, null, default)).Events;
}
