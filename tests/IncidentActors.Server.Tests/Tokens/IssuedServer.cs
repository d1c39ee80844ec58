using System.Net.Http.Headers;
using System.Text.Json;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>A server that takes the tokens of an OpenID provider, which runs beside it, and has a flow with an approval after a fresh sign-in.</summary>
internal sealed class IssuedServer : IAsyncDisposable
{
    public static readonly string Root = new('r', 40);

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

    private IssuedServer(IdentityProvider provider) => Provider = provider;

    public IdentityProvider Provider { get; }
    public ServerUnderTest Server { get; private set; } = null!;

    public static async Task<IssuedServer> StartAsync(Func<ServerOptions, ServerOptions>? change = null)
    {
        var started = new IssuedServer(await IdentityProvider.StartAsync());
        started.Provider.Claims.AddRange([("sub", "repo:acme/checkout"), ("groups", "platform")]);
        await File.WriteAllTextAsync(
            started.file,
            $$"""
            issuers:
              - issuer: {{started.Provider.Address}}
                audiences: [incident-actors]
                clientId: pages
                grants:
                  - { claim: sub, value: "repo:acme/checkout", handle: "@ci", roles: [devops] }
                  - { claim: groups, value: platform, roles: [dev] }
                  - { claim: groups, value: release, roles: [devops] }
                  - { claim: groups, value: admins, roles: [operator] }
                  - { claim: groups, value: auditors, roles: [dev], readOnly: true }
            """);
        await File.WriteAllTextAsync(Path.Combine(started.flows.FullName, "release.yaml"), Release);
        started.Server = await ServerUnderTest.StartAsync(change: options =>
        {
            options = options with
            {
                Issuers = started.file, FirstToken = Root, SignInSecret = "secret", Flows = started.flows.FullName, IssuerTimeout = TimeSpan.FromMinutes(1),
            };
            return change?.Invoke(options) ?? options;
        });
        return started;
    }

    /// <summary>Asks the question of the flow release; gives the approval's id and its ATP's.</summary>
    public async Task<(string Approval, string Atp)> AskAsync()
    {
        var made = (await SendAsync("/api/tools/atp_create", Root, new { title = "v2", flow = "release" })).IsOk().Json;
        return (made.List("approvals")[0].Text("id"), made.Text("id"));
    }

    public Task<Reply> GetAsync(string path, string? token) => SendAsync(HttpMethod.Get, path, token, null);

    public Task<Reply> SendAsync(string path, string? token, object body) => SendAsync(HttpMethod.Post, path, token, body);

    private async Task<Reply> SendAsync(HttpMethod method, string path, string? token, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body), MediaTypeHeaderValue.Parse("application/json"));
        return await Server.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Provider.DisposeAsync();
        File.Delete(file);
        flows.Delete(recursive: true);
    }
}
