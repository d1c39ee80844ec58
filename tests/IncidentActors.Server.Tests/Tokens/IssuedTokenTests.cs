using System.Net;
using System.Net.Http.Headers;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Programs and people that another issuer vouches for (JWT, OpenID Connect).</summary>
[Slow]
public sealed class IssuedTokenTests : IAsyncLifetime
{
    private IssuedServer issued = null!;

    private IdentityProvider Provider => issued.Provider;

    private ServerUnderTest Server => issued.Server;

    public async Task InitializeAsync() => issued = await IssuedServer.StartAsync();

    public async Task DisposeAsync() => await issued.DisposeAsync();

    [Fact]
    public async Task A_job_calls_with_its_workload_identity()
    {
        var jwt = await Provider.TokenAsync();
        var declared = (await SendAsync("/api/incidents", jwt, Declaration)).Is(HttpStatusCode.Created).Json;

        var history = await Server.Server.Engine.Journal.HistoryAsync(ActorId.Incident(declared.Text("id")), 0, 1, CancellationToken.None);
        var listed = (await GetAsync("/api/tokens", Root)).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()
            .Single(token => token.Text("handle") == "@ci");
        Assert.Equal(("@ci", listed.Text("id")), (history[0].By, history[0].Token));
        Assert.Equal(["devops", "dev"], listed.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(Provider.Address.ToString(), listed.Text("createdBy"));
        (await GetAsync("/api/tokens", jwt)).Is(HttpStatusCode.Forbidden);

        (await SendAsync($"/api/tokens/{listed.Text("id")}/revoke", Root, new { })).Is(HttpStatusCode.OK);
        var after = await SendAsync("/api/incidents", await Provider.TokenAsync(), Declaration);
        Assert.Equal("token.revoked", after.Is(HttpStatusCode.Unauthorized).Json.Text("rule"));
    }

    [Fact]
    public async Task What_the_issuer_did_not_say_for_this_server_is_refused()
    {
        var good = await Provider.TokenAsync();
        await RefusedAsync(good[..^4] + "AAAA");
        await RefusedAsync("a.b.c");
        Provider.Lifetime = TimeSpan.FromMinutes(-1);
        await RefusedAsync(await Provider.TokenAsync());
        Provider.Lifetime = TimeSpan.FromHours(1);
        await RefusedAsync(string.Join('.', good.Split('.').Take(2)) + ".");
        Provider.Audience = "another";
        await RefusedAsync(await Provider.TokenAsync());
        Provider.Audience = "incident-actors";
        Provider.Claims.Clear();
        Provider.Claims.AddRange([("sub", "stranger"), ("preferred_username", "operator")]);
        await RefusedAsync(await Provider.TokenAsync());
        Provider.Claims.Add(("groups", "admins"));
        await using var forger = await IdentityProvider.StartAsync();
        forger.Claims.AddRange(Provider.Claims);
        await RefusedAsync(await forger.TokenAsync());

        Provider.Claims.Clear();
        Provider.Claims.AddRange([("sub", "auditor"), ("groups", "auditors"), ("preferred_username", "alice")]);
        var auditor = await Provider.TokenAsync();
        (await GetAsync("/api/incidents", auditor)).Is(HttpStatusCode.OK);
        Assert.Equal("token.read-only", (await SendAsync("/api/incidents", auditor, Declaration)).Is(HttpStatusCode.Forbidden).Json.Text("rule"));

        async Task RefusedAsync(string jwt) =>
            Assert.Equal("token.unknown", (await SendAsync("/api/incidents", jwt, Declaration)).Is(HttpStatusCode.Unauthorized).Json.Text("rule"));
    }

    [Fact]
    public async Task Clients_of_MCP_find_who_gives_tokens()
    {
        using var client = new HttpClient { BaseAddress = Server.Address };
        using var refused = await client.PostAsync("/mcp", new StringContent("{}", MediaTypeHeaderValue.Parse("application/json")));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var challenge = refused.Headers.WwwAuthenticate.Single();
        Assert.Equal($"resource_metadata=\"{new Uri(Server.Address, "/.well-known/oauth-protected-resource/mcp")}\"", challenge.Parameter);
        var metadata = (await GetAsync("/.well-known/oauth-protected-resource/mcp", null)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(new Uri(Server.Address, "/mcp").ToString(), metadata.Text("resource"));
        Assert.Equal([Provider.Address.ToString()], metadata.GetProperty("authorization_servers").EnumerateArray().Select(one => one.GetString()));
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
        Provider.Claims.Clear();
        Provider.Claims.AddRange([("sub", "u-17"), ("preferred_username", "Alice"), ("groups", "platform")]);
        using var browser = new PersonAtABrowser(Server.Address);
        Assert.Contains("/signin/account", await browser.TextAsync("/signin"), StringComparison.Ordinal);

        var authorize = await browser.LocationAsync(new Uri(Server.Address, "/signin/account?return=%2Fincidents"));
        Assert.Contains("code_challenge_method=S256", authorize.Query, StringComparison.Ordinal);
        var callback = await browser.LocationAsync(authorize);
        Assert.Equal("/signin/callback", callback.AbsolutePath);
        Assert.Equal("/incidents", PersonAtABrowser.Refresh(await browser.TextAsync(callback.PathAndQuery)));
        Assert.Contains("@alice", await browser.TextAsync("/incidents"), StringComparison.Ordinal);
        Assert.Equal("/signin", (await browser.LocationAsync(new Uri(Server.Address, callback.PathAndQuery), HttpStatusCode.OK)).AbsolutePath);

        var (_, left) = await browser.PostAsync("/signout");
        Assert.Equal("/signout/account", PersonAtABrowser.Refresh(left));
        var end = await browser.LocationAsync(new Uri(Server.Address, "/signout/account"));
        Assert.Equal(Provider.Address.Authority, end.Authority);
        Assert.Equal("/signin", (await browser.LocationAsync(new Uri(Server.Address, "/incidents"), HttpStatusCode.SeeOther)).AbsolutePath);

        await browser.SignInAsync("/signin/account");
        Assert.Contains("@alice", await browser.TextAsync("/incidents"), StringComparison.Ordinal);
        var token = (await GetAsync("/api/tokens", Root)).Json.GetProperty("items").EnumerateArray().Single(one => one.Text("handle") == "@alice");
        (await SendAsync($"/api/tokens/{token.Text("id")}/revoke", Root, new { })).Is(HttpStatusCode.OK);
        Assert.Equal("/signin", (await browser.LocationAsync(new Uri(Server.Address, "/incidents"), HttpStatusCode.SeeOther)).AbsolutePath);
    }

    private static readonly object Declaration = new { title = "checkout is down", severity = "SEV-3" };

    private static string Root => IssuedServer.Root;

    private Task<Reply> GetAsync(string path, string? token) => issued.GetAsync(path, token);

    private Task<Reply> SendAsync(string path, string? token, object body) => issued.SendAsync(path, token, body);
}
