using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tools;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Calls tools over one transport, each transport on a server of its own, so that the same calls find the same state.</summary>
internal abstract class ToolCaller : IAsyncDisposable
{
    public const string Yes = "yes";

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
              approval: { role: sre, question: "Release?", within: 15m, onTimeout: block, rejectTo: Ready }
        """;

    private readonly DirectoryInfo flows = Directory.CreateTempSubdirectory("flows-");

    public GuardedServer Server { get; private set; } = null!;

    protected int Gateway { get; } = Ports.Free();

    public async Task StartAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(flows.FullName, "release.yaml"), Release);
        Server = await GuardedServer.StartAsync(options => options with
        {
            Flows = flows.FullName, Silo = options.Silo with { GatewayPort = Gateway }, RequestsPerSecond = 100_000, RequestsAtOnce = 100_000,
        });
    }

    /// <summary>A caller shows this secret from now on, or none. Called while it is still valid.</summary>
    public virtual Task AddAsync(string? secret) => Task.CompletedTask;

    /// <summary>"yes", or the rule that refuses; null: the transport does not offer the tool.</summary>
    /// <param name="handle">The holder of the secret.</param>
    public abstract Task<string?> CallAsync(string? secret, string handle, Tool tool, JsonObject arguments);

    public virtual async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        flows.Delete(recursive: true);
    }
}

internal sealed class HttpCaller : ToolCaller
{
    public override async Task<string?> CallAsync(string? secret, string handle, Tool tool, JsonObject arguments)
    {
        var reply = await Server.PostAsync($"/api/tools/{tool.Name}", secret, arguments);
        Assert.True((int)reply.Status < 500, $"{tool.Name} {handle}: {reply.Body}");
        return (int)reply.Status < 300 ? Yes : reply.Json.Text("rule");
    }
}
