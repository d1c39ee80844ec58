using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Programs and people that another issuer vouches for (JWT, OpenID Connect).</summary>
[Slow]
public sealed partial class IssuedTokenTests : IAsyncLifetime
{
    private const string Release = """
        name: release
        version: 1
        title: Release
        states:
          - { name: Ready }
          - { name: Done, terminal: true }
        rows:
          - { number: 1, from: (new), to: Ready, trigger: Begun, role: any, tools: [atp_create] }
          - number: 2
            from: Ready
            to: Done
            trigger: Released
            role: any
            tools: [atp_set]
            requires:
              approval: { role: devops, question: "Release?", within: 15m, onTimeout: block, rejectTo: Ready, signedInWithin: 5m }
        """;

    private readonly string file = Path.GetTempFileName();
    private readonly DirectoryInfo flows = Directory.CreateTempSubdirectory("flows-");
    private IdentityProvider provider = null!;
    private ServerUnderTest server = null!;

    public async Task InitializeAsync()
    {
        provider = await IdentityProvider.StartAsync();
        provider.Claims.AddRange([("sub", "repo:acme/checkout"), ("groups", "platform")]);
        await File.WriteAllTextAsync(
            file,
            $$"""
            issuers:
              - issuer: {{provider.Address}}
                audiences: [incident-actors]
                clientId: pages
                grants:
                  - { claim: sub, value: "repo:acme/checkout", handle: "@ci", roles: [devops] }
                  - { claim: groups, value: platform, roles: [dev] }
                  - { claim: groups, value: admins, roles: [operator] }
                  - { claim: groups, value: auditors, roles: [dev], readOnly: true }
            """);
        await File.WriteAllTextAsync(Path.Combine(flows.FullName, "release.yaml"), Release);
        server = await ServerUnderTest.StartAsync(
            change: options => options with { Issuers = file, FirstToken = Root, SignInSecret = "secret", Flows = flows.FullName });
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await provider.DisposeAsync();
        File.Delete(file);
        flows.Delete(recursive: true);
    }

    [Fact]
    public async Task A_job_calls_with_its_workload_identity()
    {
        var jwt = await provider.TokenAsync();
        var declared = (await SendAsync("/api/incidents", jwt, Declaration)).Is(HttpStatusCode.Created).Json;

        var history = await server.Server.Engine.Journal.HistoryAsync(ActorId.Incident(declared.Text("id")), 0, 1, CancellationToken.None);
        var listed = (await GetAsync("/api/tokens", Root)).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()
            .Single(token => token.Text("handle") == "@ci");
        Assert.Equal(("@ci", listed.Text("id")), (history[0].By, history[0].Token));
        Assert.Equal(["devops", "dev"], listed.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(provider.Address.ToString(), listed.Text("createdBy"));
        (await GetAsync("/api/tokens", jwt)).Is(HttpStatusCode.Forbidden);

        (await SendAsync($"/api/tokens/{listed.Text("id")}/revoke", Root, new { })).Is(HttpStatusCode.OK);
        var after = await SendAsync("/api/incidents", await provider.TokenAsync(), Declaration);
        Assert.Equal("token.revoked", after.Is(HttpStatusCode.Unauthorized).Json.Text("rule"));
    }

    [Fact]
    public async Task What_the_issuer_did_not_say_for_this_server_is_refused()
    {
        var good = await provider.TokenAsync();
        await RefusedAsync(good[..^4] + "AAAA");
        await RefusedAsync(string.Join('.', good.Split('.').Take(2)) + ".");
        provider.Audience = "another";
        await RefusedAsync(await provider.TokenAsync());
        provider.Audience = "incident-actors";
        provider.Claims.Clear();
        provider.Claims.AddRange([("sub", "stranger"), ("preferred_username", "operator")]);
        await RefusedAsync(await provider.TokenAsync());
        provider.Claims.Add(("groups", "admins"));
        await using var forger = await IdentityProvider.StartAsync();
        forger.Claims.AddRange(provider.Claims);
        await RefusedAsync(await forger.TokenAsync());

        provider.Claims.Clear();
        provider.Claims.AddRange([("sub", "auditor"), ("groups", "auditors"), ("preferred_username", "alice")]);
        var auditor = await provider.TokenAsync();
        (await GetAsync("/api/incidents", auditor)).Is(HttpStatusCode.OK);
        Assert.Equal("token.read-only", (await SendAsync("/api/incidents", auditor, Declaration)).Is(HttpStatusCode.Forbidden).Json.Text("rule"));

        async Task RefusedAsync(string jwt) =>
            Assert.Equal("token.unknown", (await SendAsync("/api/incidents", jwt, Declaration)).Is(HttpStatusCode.Unauthorized).Json.Text("rule"));
    }

    [Fact]
    public async Task A_decision_that_needs_a_fresh_sign_in_is_made_by_who_has_just_signed_in()
    {
        var made = (await SendAsync("/api/tools/atp_create", Root, new { atpId = "AT-1", title = "v2", flow = "release" })).Is(HttpStatusCode.OK).Json;
        var asked = made.GetProperty("approvals")[0].Text("id");
        await RefusedAsync();
        provider.Claims.Add(("auth_time", Seconds(TimeSpan.FromMinutes(6))));
        await RefusedAsync();
        provider.Claims[^1] = ("auth_time", Seconds(TimeSpan.Zero));
        var decided = (await DecideAsync()).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("approved", "@ci", 300), (decided.Text("status"), decided.Text("decidedBy"), decided.GetProperty("signedInWithinSeconds").GetInt32()));

        async Task RefusedAsync() => Assert.Equal("approval.sign-in", (await DecideAsync()).Is(HttpStatusCode.Forbidden).Json.Text("rule"));

        async Task<Reply> DecideAsync() => await SendAsync($"/api/approvals/{asked}/decision", await provider.TokenAsync(), new { decision = "approve" });

        static string Seconds(TimeSpan ago) => (DateTimeOffset.UtcNow - ago).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Clients_of_MCP_find_who_gives_tokens()
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        using var refused = await client.PostAsync("/mcp", new StringContent("{}", MediaTypeHeaderValue.Parse("application/json")));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var challenge = refused.Headers.WwwAuthenticate.Single();
        Assert.Equal($"resource_metadata=\"{new Uri(server.Address, "/.well-known/oauth-protected-resource/mcp")}\"", challenge.Parameter);
        var metadata = (await GetAsync("/.well-known/oauth-protected-resource/mcp", null)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(new Uri(server.Address, "/mcp").ToString(), metadata.Text("resource"));
        Assert.Equal([provider.Address.ToString()], metadata.GetProperty("authorization_servers").EnumerateArray().Select(one => one.GetString()));
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/mcp")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/register")]
    public async Task Without_issuers_clients_of_OAuth_read_that_there_is_none(string path)
    {
        await using var guarded = await GuardedServer.StartAsync();
        var answer = (await guarded.GetAsync(path, null)).Is(HttpStatusCode.NotFound).Json;
        Assert.Equal("invalid_request", answer.Text("error"));
        Assert.Contains("incident token create", answer.Text("error_description"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_sign_in_with_their_account_and_out_and_a_revoked_session_ends()
    {
        provider.Claims.Clear();
        provider.Claims.AddRange([("sub", "u-17"), ("preferred_username", "Alice"), ("groups", "platform")]);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });
        Assert.Contains("/signin/account", await TextAsync("/signin"), StringComparison.Ordinal);

        var authorize = await LocationAsync(new Uri(server.Address, "/signin/account?return=%2Fincidents"));
        Assert.Contains("code_challenge_method=S256", authorize.Query, StringComparison.Ordinal);
        var callback = await LocationAsync(authorize);
        Assert.Equal("/signin/callback", callback.AbsolutePath);
        Assert.Equal("/incidents", Refresh(await TextAsync(callback.PathAndQuery)));
        Assert.Contains("@alice", await TextAsync("/incidents"), StringComparison.Ordinal);
        Assert.Equal("/signin", (await LocationAsync(new Uri(server.Address, callback.PathAndQuery), HttpStatusCode.OK)).AbsolutePath);

        using var leave = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/signout")) { Content = new FormUrlEncodedContent([]) };
        leave.Headers.Add("Origin", server.Address.GetLeftPart(UriPartial.Authority));
        using var left = await browser.SendAsync(leave);
        Assert.Equal("/signout/account", Refresh(await left.Content.ReadAsStringAsync()));
        var end = await LocationAsync(new Uri(server.Address, "/signout/account"));
        Assert.Equal(provider.Address.Authority, end.Authority);
        Assert.Equal("/signin", (await LocationAsync(new Uri(server.Address, "/incidents"), HttpStatusCode.SeeOther)).AbsolutePath);

        await TextAsync((await LocationAsync(await LocationAsync(new Uri(server.Address, "/signin/account")))).PathAndQuery);
        Assert.Contains("@alice", await TextAsync("/incidents"), StringComparison.Ordinal);
        var token = (await GetAsync("/api/tokens", Root)).Json.GetProperty("items").EnumerateArray().Single(one => one.Text("handle") == "@alice");
        (await SendAsync($"/api/tokens/{token.Text("id")}/revoke", Root, new { })).Is(HttpStatusCode.OK);
        Assert.Equal("/signin", (await LocationAsync(new Uri(server.Address, "/incidents"), HttpStatusCode.SeeOther)).AbsolutePath);

        async Task<string> TextAsync(string path) => await browser.GetStringAsync(new Uri(server.Address, path));

        async Task<Uri> LocationAsync(Uri address, HttpStatusCode status = HttpStatusCode.Redirect)
        {
            using var answer = await browser.GetAsync(address);
            Assert.Equal(status, answer.StatusCode);
            if (answer.Headers.Location is { } location) return new Uri(address, location);
            return new Uri(address, Refresh(await answer.Content.ReadAsStringAsync()));
        }
    }

    private static readonly string Root = new('r', 40);
    private static readonly object Declaration = new { title = "checkout is down", severity = "SEV-3" };

    private static string Refresh(string page) => WebUtility.HtmlDecode(RefreshUrl().Match(page).Groups[1].Value).Split('?')[0];

    [GeneratedRegex("content=\"0;url=([^\"]*)\"")]
    private static partial Regex RefreshUrl();

    private Task<Reply> GetAsync(string path, string? token) => SendAsync(HttpMethod.Get, path, token, null);

    private Task<Reply> SendAsync(string path, string? token, object body) => SendAsync(HttpMethod.Post, path, token, body);

    private async Task<Reply> SendAsync(HttpMethod method, string path, string? token, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body), MediaTypeHeaderValue.Parse("application/json"));
        return await server.SendAsync(request);
    }
}
