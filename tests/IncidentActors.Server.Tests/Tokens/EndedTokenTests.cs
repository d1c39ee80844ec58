using System.Net;
using System.Text;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>When a token ends, so does whatever goes on under it.</summary>
public sealed class EndedTokenTests : IAsyncLifetime
{
    private GuardedServer guarded = null!;
    private string handle = "";
    private string secret = "";
    private string id = "";

    public async Task InitializeAsync()
    {
        guarded = await GuardedServer.StartAsync();
        var made = await guarded.TokenAsync(new { handle = "@worker", roles = new[] { "dev" }, expiresAt = guarded.Time.GetUtcNow().AddHours(1) });
        (handle, secret, id) = (made.Text("handle"), made.Text("secret"), made.Text("id"));
        (await guarded.PostAsync("/api/tools/inbox", secret, new { })).IsOk();
    }

    public async Task DisposeAsync() => await guarded.DisposeAsync();

    [Theory]
    [InlineData("/api/events?after=now", true)]
    [InlineData("/api/events?after=now", false)]
    [InlineData("/api/agents/@worker/inbox/stream", true)]
    public async Task An_open_stream_ends(string path, bool revoked)
    {
        using var stream = await OpenAsync(HttpMethod.Get, path, null);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal(": connected", await reader.ReadLineAsync());
        var rest = reader.ReadToEndAsync();
        await EndAsync(revoked);
        await rest.EndsAsync("the end of the stream");
        (await guarded.GetAsync(path, secret)).Refused(401, revoked ? "token.revoked" : "token.expired");
    }

    [Theory]
    [InlineData("GET", "/api/agents/@worker/inbox?wait=60s")]
    [InlineData("POST", "/api/tools/inbox")]
    public async Task Who_waits_is_let_go_without_anything(string method, string path)
    {
        var waiting = OpenAsync(new HttpMethod(method), path, method == "POST" ? new { wait = 25 } : null);
        for (var later = 0; later < 20; later++) (await guarded.GetAsync("/api/metrics", secret)).IsOk();
        Assert.False(waiting.IsCompleted);
        await EndAsync(revoked: true);
        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("token.revoked", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_MCP_session_ends_and_what_it_held_is_for_others()
    {
        var atp = (await guarded.PostAsync("/api/tools/atp_create", guarded.Root, new { title = "One" })).IsOk().Json.Text("id");
        (await guarded.PostAsync(
            "/api/tools/message_send",
            guarded.Root,
            new { atpId = atp, toAgent = "@worker", messageType = "Directive", subject = "s", body = "b", requiresAck = true })).IsOk();
        var session = await ShakeHandsAsync();
        using (var taken = await CallAsync(session, "inbox")) Assert.Contains("msg-", await taken.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var listening = await OpenAsync(HttpMethod.Get, "/mcp", null, session);
        var rest = listening.Content.ReadAsStringAsync();
        var other = (await guarded.TokenAsync(new { handle })).Text("secret");
        Assert.Empty(await WaitingAsync(other));

        await EndAsync(revoked: true);
        await rest.EndsAsync("the end of the stream");
        using (var refused = await CallAsync(session, "inbox")) Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await Eventually.TrueAsync(async () => (await WaitingAsync(other)).Length == 1, "the message's return");
    }

    private async Task<JsonElement[]> WaitingAsync(string token)
    {
        using var answer = await OpenAsync(HttpMethod.Post, "/api/tools/inbox", new { }, token: token, xSession: "other");
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.List("messages");
    }

    private async Task EndAsync(bool revoked)
    {
        if (revoked)
            (await guarded.PostAsync($"/api/tokens/{id}/revoke", guarded.Root, new { })).IsOk();
        else
            guarded.Time.Advance(TimeSpan.FromHours(2));
    }

    private async Task<string> ShakeHandsAsync()
    {
        var hello = new
        {
            jsonrpc = "2.0",
            id = 1,
            method = "initialize",
            @params = new { protocolVersion = "2025-06-18", capabilities = new { }, clientInfo = new { name = "tests", version = "1" } },
        };
        using var answer = await OpenAsync(HttpMethod.Post, "/mcp", hello);
        return answer.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private Task<HttpResponseMessage> CallAsync(string session, string tool) =>
        OpenAsync(
            HttpMethod.Post, "/mcp",
            new { jsonrpc = "2.0", id = 2, method = "tools/call", @params = new { name = tool, arguments = new { session = "mine" } } }, session);

    private async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method, string path, object? body, string? session = null, string? token = null, string? xSession = null)
    {
        var client = new HttpClient { BaseAddress = guarded.Server.Address, Timeout = Eventually.LongestDeadline };
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token ?? secret}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (session is not null) request.Headers.TryAddWithoutValidation("Mcp-Session-Id", session);
        if (xSession is not null) request.Headers.TryAddWithoutValidation("X-Session", xSession);
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
