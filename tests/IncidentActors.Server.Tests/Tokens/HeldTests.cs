using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>What a security test tried and the server withstood.</summary>
public sealed class HeldTests : IAsyncLifetime
{
    private GuardedServer guarded = null!;

    public async Task InitializeAsync() => guarded = await GuardedServer.StartAsync();

    public async Task DisposeAsync() => await guarded.DisposeAsync();

    [Theory]
    [InlineData("/api/incidents?access_token={0}")]
    [InlineData("/api/incidents?token={0}")]
    [InlineData("/api/events?after=now&access_token={0}")]
    public async Task A_token_in_the_query_opens_nothing(string path) =>
        (await guarded.GetAsync(string.Format(null, path, guarded.Root), null)).Refused(401, "token.missing");

    [Fact]
    public async Task A_method_in_a_header_changes_nothing()
    {
        var end = await guarded.Server.EndAsync();
        var looker = (await guarded.TokenAsync(new { handle = "@looker", readOnly = true })).Text("secret");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/halts") { Content = new StringContent("{\"scope\":\"all\",\"reason\":\"x\"}") };
        request.Headers.Authorization = new("Bearer", looker);
        foreach (var name in new[] { "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override" }) request.Headers.Add(name, "POST");
        (await guarded.Server.SendAsync(request)).IsOk();
        Assert.Equal(end, await guarded.Server.EndAsync());
    }

    [Theory]
    [InlineData("@alertmanager")]
    [InlineData("@pagerduty")]
    [InlineData("@probe")]
    public async Task A_sources_token_opens_no_other_door(string handle)
    {
        var secret = (await guarded.TokenAsync(new { handle })).Text("secret");
        foreach (var path in new[] { "/api/incidents", "/api/events", "/api/tokens", "/metrics" })
            (await guarded.GetAsync(path, secret)).Refused(401, "token.unknown");
        Assert.Equal(HttpStatusCode.Unauthorized, (await guarded.PostAsync("/mcp", secret, new { })).Status);
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = guarded.Server.Address };
        using var signIn = await client.PostAsync("/signin", new FormUrlEncodedContent([new("token", secret)]));
        Assert.Equal(HttpStatusCode.Unauthorized, signIn.StatusCode);
    }

    [Fact]
    public async Task Nobody_gets_a_token_of_the_system() =>
        (await guarded.PostAsync("/api/tokens", guarded.Root, new { handle = "@system" })).Refused(400, "agent.reserved");

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("HTTPS:evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData(" //evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/%0d%0aLocation:%20https://evil.example")]
    [InlineData("evil.example")]
    [InlineData("?x")]
    [InlineData("")]
    public async Task Signing_in_leads_nowhere_else(string back)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = guarded.Server.Address };
        using var answer = await client.PostAsync("/signin", new FormUrlEncodedContent([new("token", guarded.Root), new("return", back)]));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var target = new Uri(guarded.Server.Address, answer.Headers.Location!);
        Assert.Equal(guarded.Server.Address.Authority, target.Authority);
    }

    [Fact]
    public async Task Pages_run_nothing_from_elsewhere_and_stand_in_no_frame()
    {
        using var client = new HttpClient { BaseAddress = guarded.Server.Address };
        using var page = await client.GetAsync("/signin");
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task A_form_of_another_site_signs_nobody_in()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = guarded.Server.Address };
        client.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        using var answer = await client.PostAsync("/signin", new FormUrlEncodedContent([new("token", guarded.Root)]));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("{\"title\":\"x\",\"severity\":\"SEV-4\"}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/incidents") { Content = new ByteArrayContent(packed.ToArray()) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", guarded.Root);
        request.Content.Headers.ContentType = new("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await guarded.Server.SendAsync(request)).Status);
    }
}
