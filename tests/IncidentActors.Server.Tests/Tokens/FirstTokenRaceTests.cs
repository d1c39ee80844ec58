using System.Net;
using System.Net.Sockets;
using System.Text;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>The first token ends every request that was let in without one, and there is only one first.</summary>
public sealed class FirstTokenRaceTests
{
    [Fact]
    public async Task Of_many_first_tokens_at_once_one_is_made()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.PostAsync("/api/tokens", "@operator", new { handle = "@operator" })));
        var made = Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
        Assert.All(replies.Where(reply => reply != made), reply => reply.Refused(401, "token.missing"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/tokens");
        request.Headers.Authorization = new("Bearer", made.Json.Text("secret"));
        Assert.Single((await server.SendAsync(request)).Items());
    }

    [Theory]
    [InlineData("/api/tokens", "{\"handle\":\"@evil\",\"roles\":[\"operator\"]}")]
    [InlineData("/api/incidents", "{\"title\":\"Forged\",\"severity\":\"SEV-1\"}")]
    [InlineData("/api/halts", "{\"scope\":\"all\",\"reason\":\"Forged\"}")]
    public async Task A_request_that_trickles_past_it_is_refused(string path, string body)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Address.Host, server.Address.Port);
        var stream = slow.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nX-Agent: @operator\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body[..^1]}"));
        // The server has begun with the slow request when it has answered a later one on the same machine a few times.
        for (var later = 0; later < 20; later++) (await server.GetAsync("/api/metrics")).IsOk();

        var made = (await server.PostAsync("/api/tokens", "@operator", new { handle = "@operator" })).Is(HttpStatusCode.Created).Json;
        var end = await server.EndAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(body[^1..]));
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 401", await reader.ReadToEndAsync().EndsAsync("the answer"), StringComparison.Ordinal);
        Assert.Equal(end, await server.EndAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/tokens");
        request.Headers.Authorization = new("Bearer", made.Text("secret"));
        Assert.Single((await server.SendAsync(request)).Items());
    }
}
