using System.Net;
using System.Text.Json.Nodes;
using IncidentActors.Server.Mcp;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tools;
using IncidentActors.Testing;
using ModelContextProtocol.Client;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Over MCP, by the official client; whoever cannot connect gets the refusal of the request.</summary>
internal sealed class McpCaller : ToolCaller
{
    private readonly Dictionary<string, McpClient> clients = [];

    public override async Task<string?> CallAsync(string? secret, string handle, Tool tool, JsonObject arguments)
    {
        if (!clients.TryGetValue(secret ?? "", out var client))
        {
            var message = new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = tool.Name, arguments } };
            var refused = await Server.PostAsync("/mcp", secret, message);
            if (refused.Status == HttpStatusCode.Unauthorized) return refused.Json.Text("rule");
            clients.Add(secret!, client = await ConnectAsync(Server.Server.Address, secret!));
        }

        var result = await client.CallToolAsync(tool.Name, arguments.ToDictionary(pair => pair.Key, pair => (object?)pair.Value));
        return result.IsError == true ? result.Meta![McpAnswers.ProblemMeta]!["rule"]!.GetValue<string>() : Yes;
    }

    public static Task<McpClient> ConnectAsync(Uri server, string secret) => McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
    {
        Endpoint = new Uri(server, "/mcp?tools=all"),
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {secret}" },
    }), new McpClientOptions { InitializationTimeout = Eventually.LongestDeadline });

    public override async ValueTask DisposeAsync()
    {
        foreach (var client in clients.Values) await client.DisposeAsync();
        await base.DisposeAsync();
    }
}
