using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Tests.Permits;

/// <summary>The official "everything" server of MCP behind the gateway, used by the official SDK's client.</summary>
[Slow]
public sealed class GatewayTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("gateway-").FullName;
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [EverythingFact]
    public async Task Tools_are_unchanged_calls_need_a_permit_and_a_running_call_ends_with_the_reason_when_it_is_halted()
    {
        var options = new McpClientOptions { InitializationTimeout = Eventually.LongestDeadline };
        await using var direct = await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = "node", Arguments = [EverythingFactAttribute.Program!, "stdio"],
        }), options);
        await using var gated = await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = "dotnet",
            Arguments =
            [
                Path.Combine(AppContext.BaseDirectory, "incident.dll"), "mcp-gateway", "--server", server.Address.ToString(), "--agent", "@dev", "--config",
                Config(),
            ],
        }), options);
        var shown = (await gated.ListToolsAsync(new ListToolsRequestParams())).Tools;
        Assert.Equal((await direct.ListToolsAsync(new ListToolsRequestParams())).Tools.Select(Whole), shown.Select(Whole));

        var echoed = await gated.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "hello" });
        Assert.Contains("hello", Text(echoed), StringComparison.Ordinal);
        Assert.Equal("done", Assert.Single((await server.GetAsync("/api/permits")).Items()).Text("status"));

        var longest = shown.Single(tool => tool.Name.Contains("long", StringComparison.OrdinalIgnoreCase)).Name;
        var running = gated.CallToolAsync(longest, new Dictionary<string, object?> { ["duration"] = 600, ["steps"] = 10 });
        await Eventually.TrueAsync(async () => (await server.GetAsync("/api/permits?open=true")).Items().Length == 1, "the permit of the long call");
        (await server.PostAsync("/api/halts", "@operator", new { scope = "agent:@dev", reason = "payments are charged twice" })).Is(HttpStatusCode.Created);
        var stopped = await running;
        Assert.True(stopped.IsError);
        Assert.Contains("payments are charged twice", Text(stopped), StringComparison.Ordinal);
        var refused = await gated.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "again" });
        Assert.True(refused.IsError);
        Assert.Contains("was not called", Text(refused), StringComparison.Ordinal);
    }

    private string Config()
    {
        var file = Path.Combine(folder, "servers.json");
        var everything = new JsonObject { ["command"] = "node", ["args"] = new JsonArray(EverythingFactAttribute.Program, "stdio") };
        File.WriteAllText(file, new JsonObject { ["mcpServers"] = new JsonObject { ["everything"] = everything } }.ToJsonString());
        return file;
    }

    /// <summary>Name, title, descriptions, schemas, annotations and all else that the tool has.</summary>
    private static string Whole(Tool tool) => JsonSerializer.Serialize(tool, McpJsonUtilities.DefaultOptions);

    private static string Text(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}

/// <summary>Needs node and the npm package <c>@modelcontextprotocol/server-everything</c>, which is installed once into the user's cache folder.</summary>
public sealed class EverythingFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Installed = new(Install);

    public EverythingFactAttribute()
    {
        if (Program is null) Skip = "node or the npm package @modelcontextprotocol/server-everything is not there";
    }

    /// <summary>The server's script, or null: it cannot be had.</summary>
    public static string? Program => Installed.Value;

    private static string? Install()
    {
        var home = Path.Combine(Path.GetTempPath(), "incident-tests-everything");
        var script = Path.Combine(home, "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");
        if (File.Exists(script)) return script;
        try
        {
            Directory.CreateDirectory(home);
            using var npm = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
                "npm", ["install", "--prefix", home, "--no-audit", "--no-fund", "--silent", "@modelcontextprotocol/server-everything"]))!;
            npm.WaitForExit(TimeSpan.FromMinutes(3));
            return File.Exists(script) ? script : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
