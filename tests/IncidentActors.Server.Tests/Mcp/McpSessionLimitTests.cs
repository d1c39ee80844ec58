using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using IncidentActors.Server.Mcp;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Tokens;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>A caller that opens session after session ends its own, and nobody else's.</summary>
public sealed class McpSessionLimitTests
{
    /// <summary>Sessions of all callers that the SDK keeps.</summary>
    private const int All = 1000;

    [Fact]
    public async Task Many_sessions_of_one_token_push_out_its_own_only()
    {
        await using var guarded = await GuardedServer.StartAsync(options => options with { RequestsPerSecond = 100_000, RequestsAtOnce = 100_000 });
        var readOnly = (await guarded.TokenAsync(new { handle = "@dashboard", readOnly = true })).Text("secret");
        using var client = new HttpClient { BaseAddress = guarded.Server.Address };
        var operators = await OpenAsync(client, guarded.Root);
        var kept = await OpenAsync(client, readOnly);
        var oldest = await OpenAsync(client, readOnly);
        for (var i = 0; i < All + 10; i++)
        {
            await OpenAsync(client, readOnly);
            if (i % (McpSessions.MaxPerCaller / 2) == 0) Assert.Equal(HttpStatusCode.OK, await PingAsync(client, readOnly, kept));
        }

        Assert.Equal(HttpStatusCode.OK, await PingAsync(client, guarded.Root, operators));
        Assert.Equal(HttpStatusCode.OK, await PingAsync(client, readOnly, kept));
        Assert.Equal(HttpStatusCode.NotFound, await PingAsync(client, readOnly, oldest));
    }

    private static async Task<string> OpenAsync(HttpClient client, string token)
    {
        using var answer = await SendAsync(client, token, null, "initialize", new
        {
            protocolVersion = "2025-06-18", capabilities = new { }, clientInfo = new { name = "test", version = "1" },
        });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private static async Task<HttpStatusCode> PingAsync(HttpClient client, string token, string session)
    {
        using var answer = await SendAsync(client, token, session, "ping", new { });
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string token, string? session, string method, object parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp");
        request.Content = JsonContent.Create(new { jsonrpc = "2.0", id = 1, method, @params = parameters });
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (session is not null) request.Headers.Add("Mcp-Session-Id", session);
        return await client.SendAsync(request);
    }
}
