using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>A server with an operator's token, so that everybody must show one.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    private GuardedServer(ServerUnderTest server, string root)
    {
        Server = server;
        Root = root;
    }

    public ServerUnderTest Server { get; }

    /// <summary>The operator's secret.</summary>
    public string Root { get; }
    public FakeTimeProvider Time { get; private init; } = null!;

    public static async Task<GuardedServer> StartAsync(Func<ServerOptions, ServerOptions>? change = null)
    {
        var time = TestClock.Start();
        var server = await ServerUnderTest.StartAsync(options => options with { Time = time }, change);
        var root = (await server.PostAsync("/api/tokens", "@operator", new { handle = "@operator" })).Is(HttpStatusCode.Created).Json;
        return new GuardedServer(server, root.Text("secret")) { Time = time };
    }

    /// <summary>A new token's view with its secret.</summary>
    public async Task<JsonElement> TokenAsync(object wanted) =>
        (await PostAsync("/api/tokens", Root, wanted)).Is(HttpStatusCode.Created).Json;

    public Task<Reply> PostAsync(string path, string? token, object body, string? key = null) =>
        SendAsync(HttpMethod.Post, path, token is null ? null : new("Bearer", token), body, key: key);

    public Task<Reply> GetAsync(string path, string? token) => SendAsync(HttpMethod.Get, path, token is null ? null : new("Bearer", token), null);

    public async Task<Reply> SendAsync(
        HttpMethod method, string path, AuthenticationHeaderValue? authorization, object? body, string? agent = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = authorization;
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        return await Server.SendAsync(request, agent, key);
    }

    /// <summary>Signs in to the pages; gives the session's cookie as a browser would send it.</summary>
    public async Task<string> SignInAsync(string secret)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Server.Address };
        using var answer = await client.PostAsync("/signin", new FormUrlEncodedContent([new("token", secret), new("return", "/")]));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("incident-visitor=", StringComparison.Ordinal)).Split(';')[0];
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
