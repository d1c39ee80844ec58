using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>The operator's first token, by the environment: for a server that is reached from elsewhere from its first start on.</summary>
public sealed class GivenFirstTokenTests : IDisposable
{
    private const string Secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly string data = Directory.CreateTempSubdirectory("first-token-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Theory]
    [InlineData(Secret)]
    [InlineData("abcdefghabcdefghabcdefghabcdefgh")]
    [InlineData("ia_abcdefghij_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("q1/W+2e3r4~T5y6_u7i8-o9p0.A1s2D3f4==")]
    public async Task An_empty_journal_takes_it_as_the_operators(string secret)
    {
        await using var server = await StartAsync(secret);
        var token = (await GetAsync(server, "/api/tokens", secret)).Items().Single();
        Assert.Equal("@operator", token.Text("handle"));
        Assert.Contains("operator", token.List("roles").Select(role => role.GetString()));
        Assert.Equal("valid", token.Text("status"));
        Assert.False(token.TryGetProperty("expiresAt", out var ends) && ends.ValueKind != JsonValueKind.Null);
        (await GetAsync(server, "/api/incidents", null)).Refused(401, "token.missing");
        (await GetAsync(server, "/api/incidents", secret + "0")).Refused(401, "token.unknown");
    }

    [Fact]
    public async Task It_is_not_made_again_when_it_was_revoked()
    {
        await using (var server = await StartAsync(Secret))
        {
            await PostAsync(server, "/api/tokens", new { handle = "@jonny", roles = new[] { "owner" } });
            var id = (await GetAsync(server, "/api/tokens", Secret)).Items()[0].Text("id");
            await PostAsync(server, $"/api/tokens/{id}/revoke", new { });
        }

        await using var again = await StartAsync(Secret);
        (await GetAsync(again, "/api/tokens", Secret)).Refused(401, "token.revoked");
    }

    [Fact]
    public async Task It_is_not_made_beside_others()
    {
        await using (var server = await StartAsync(null, "http://127.0.0.1:0"))
            (await server.PostAsync("/api/tokens", "@operator", new { handle = "@operator" })).Is(HttpStatusCode.Created);
        await using var again = await StartAsync(Secret);
        (await GetAsync(again, "/api/tokens", Secret)).Refused(401, "token.unknown");
    }

    [Theory]
    [InlineData("")]
    [InlineData("change-me")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdef\n")]
    [InlineData("0123456789abcdef 123456789abcdef")]
    [InlineData("0123456789abcdef;123456789abcdef")]
    public async Task One_that_is_none_ends_the_start(string secret)
    {
        var failure = await Assert.ThrowsAsync<StartFailure>(() => StartAsync(secret));
        Assert.Equal(ExitCode.Arguments, failure.Code);
        Assert.Contains("INCIDENT_FIRST_TOKEN", failure.Message, StringComparison.Ordinal);
        await using var server = await StartAsync(null, "http://127.0.0.1:0");
        (await server.GetAsync("/api/incidents")).IsOk();
    }

    [PostgresFact]
    public async Task Nodes_that_start_together_make_one()
    {
        var journal = await PostgresServer.Shared.CreateDatabaseAsync();
        string[] secrets = [Secret, Secret.Replace('0', 'f'), Secret];
        var servers = await Task.WhenAll(secrets.Select((secret, node) => ServerUnderTest.StartAsync(change: options => options with
        {
            Journal = journal,
            Urls = "http://0.0.0.0:0",
            FirstToken = secret,
        })));
        try
        {
            var answers = await Task.WhenAll(servers.SelectMany(server => secrets.Distinct().Select(secret => GetAsync(server, "/api/tokens", secret))));
            var letIn = answers.Where(answer => answer.Status == HttpStatusCode.OK).ToArray();
            Assert.Equal(servers.Length, letIn.Length);
            Assert.All(letIn, answer => Assert.Single(answer.Items()));
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }

    private Task<ServerUnderTest> StartAsync(string? secret, string urls = "http://0.0.0.0:0") =>
        ServerUnderTest.StartAsync(change: options => options with { Data = Path.Combine(data, "kept"), Urls = urls, FirstToken = secret });

    private static Task<Reply> GetAsync(ServerUnderTest server, string path, string? secret) => SendAsync(server, HttpMethod.Get, path, secret, null);

    private static async Task PostAsync(ServerUnderTest server, string path, object body)
    {
        var reply = await SendAsync(server, HttpMethod.Post, path, Secret, JsonContent.Create(body));
        Assert.True((int)reply.Status < 300, reply.Body);
    }

    private static async Task<Reply> SendAsync(ServerUnderTest server, HttpMethod method, string path, string? secret, HttpContent? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return await server.SendAsync(request);
    }
}
