using System.Net;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>What a browser keeps is a session of the pages: no token, good for nothing else, over when its token is.</summary>
public sealed class PageSessionTests : IAsyncLifetime
{
    private GuardedServer guarded = null!;
    private string secret = "";
    private string id = "";

    public async Task InitializeAsync()
    {
        guarded = await GuardedServer.StartAsync();
        var token = await guarded.TokenAsync(new { handle = "@alice", roles = new[] { "operator" } });
        (secret, id) = (token.Text("secret"), token.Text("id"));
    }

    public async Task DisposeAsync() => await guarded.DisposeAsync();

    [Fact]
    public async Task The_cookie_is_no_token_and_is_for_the_pages_alone()
    {
        var (name, value, _) = await SignInAsync();
        Assert.DoesNotContain(secret, value, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/halts", $"{name}={value}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("/api/incidents", $"{name}={value}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("/mcp", $"{name}={value}"));
        (await guarded.GetAsync("/api/incidents", value)).Refused(401, "token.unknown");
        Assert.Equal(HttpStatusCode.SeeOther, await GetAsync("/halts", $"{name}={secret}"));
    }

    [Fact]
    public async Task It_ends_with_its_token()
    {
        var (name, value, _) = await SignInAsync();
        (await guarded.PostAsync($"/api/tokens/{id}/revoke", guarded.Root, new { })).IsOk();
        Assert.Equal(HttpStatusCode.SeeOther, await GetAsync("/halts", $"{name}={value}"));
    }

    [Fact]
    public async Task It_ends_by_signing_out_and_by_itself()
    {
        var (name, value, _) = await SignInAsync();
        using (var client = Client())
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/signout") { Content = new FormUrlEncodedContent([]) };
            request.Headers.Add("Cookie", $"{name}={value}");
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.SeeOther, await GetAsync("/halts", $"{name}={value}"));
        var (_, again, _) = await SignInAsync();
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/halts", $"{name}={again}"));
        guarded.Time.Advance(TimeSpan.FromHours(13));
        Assert.Equal(HttpStatusCode.SeeOther, await GetAsync("/halts", $"{name}={again}"));
    }

    [Fact]
    public async Task Behind_TLS_it_is_bound_to_this_host()
    {
        var (name, value, attributes) = await SignInAsync(tls: true);
        Assert.StartsWith("__Host-", name, StringComparison.Ordinal);
        foreach (var wanted in new[] { "secure", "httponly", "samesite=strict", "path=/" })
            Assert.Contains(wanted, attributes, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", attributes, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.SeeOther, await GetAsync("/halts", $"incident-visitor={value}", tls: true));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/halts", $"{name}={value}", tls: true));
    }

    private async Task<(string Name, string Value, string Attributes)> SignInAsync(bool tls = false)
    {
        using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin")
        {
            Content = new FormUrlEncodedContent([new("token", secret), new("return", "/")]),
        };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (tls) request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(one => one.Contains("incident-visitor=", StringComparison.Ordinal));
        var parts = cookie.Split(';', 2);
        var pair = parts[0].Split('=', 2);
        return (pair[0], pair[1], parts[1]);
    }

    private async Task<HttpStatusCode> GetAsync(string path, string cookie, bool tls = false)
    {
        using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        if (tls) request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = guarded.Server.Address };
}
