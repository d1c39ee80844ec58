using System.Diagnostics;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Core.Permits;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Spectre.Console;

namespace IncidentActors.Cli.Guards;

/// <summary>
/// A proxy for other MCP servers: shows their tools unchanged and lets each call through only with a permit, which is held while the call runs.
/// A halt ends the call with an error that says why.
/// </summary>
internal sealed class McpGateway : IAsyncDisposable
{
    private const string Name = "incident-mcp-gateway";
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private readonly Line line;
    private readonly List<(string Server, McpClient Client)> clients = [];
    private volatile Dictionary<string, (string Server, McpClient Client, Tool Tool)> tools = [];

    private McpGateway(Line line) => this.line = line;

    public static async Task<McpGateway> ConnectAsync(Line line, IEnumerable<(string Name, IClientTransport Transport)> servers, CancellationToken cancel)
    {
        var gateway = new McpGateway(line);
        try
        {
            foreach (var (name, transport) in servers)
                gateway.clients.Add((name, await McpClient.CreateAsync(transport, new McpClientOptions(), cancellationToken: cancel)));
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Until the client closes its end.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = Name, Version = "1.0" },
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = async (_, stop) => await ListAsync(stop),
                CallToolHandler = async (request, stop) => await CallAsync(request.Server, request.Params!, stop),
            },
        };
        await using var server = McpServer.Create(new StdioServerTransport(Name), options);
        await server.RunAsync(cancel);
    }

    /// <summary>All servers' tools; where two have one name, the later server's is given its server's name too.</summary>
    private async Task<ListToolsResult> ListAsync(CancellationToken cancel)
    {
        var listed = new Dictionary<string, (string Server, McpClient Client, Tool Tool)>();
        foreach (var (server, client) in clients)
        {
            string? cursor = null;
            do
            {
                var page = await client.ListToolsAsync(new ListToolsRequestParams { Cursor = cursor }, cancel);
                foreach (var tool in page.Tools)
                {
                    if (!listed.TryAdd(tool.Name, (server, client, tool))) listed.TryAdd($"{server}__{tool.Name}", (server, client, tool));
                }

                cursor = page.NextCursor;
            }
            while (cursor is not null);
        }

        tools = listed;
        return new ListToolsResult { Tools = [.. listed.Select(one => one.Key == one.Value.Tool.Name ? one.Value.Tool : Renamed(one.Value.Tool, one.Key))] };
    }

    private async Task<CallToolResult> CallAsync(McpServer client, CallToolRequestParams call, CancellationToken cancel)
    {
        if (tools.Count == 0) await ListAsync(cancel);
        if (!tools.TryGetValue(call.Name, out var found)) return Error($"There is no tool {call.Name}; tools/list names those of this gateway.");
        var asked = Stopwatch.GetTimestamp();
        var reads = found.Tool.Annotations?.ReadOnlyHint == true;
        var body = JsonParts.Body(("action", $"{(reads ? "query" : "mcp")}:{found.Tool.Name}"), ("target", found.Server), ("path", "gateway"));
        var answer = await line.Quick(attempts: 2).PostAsync("/api/permits", body, $"gateway-{Guid.NewGuid():N}", cancel);
        if (!answer.Ok) return Error($"{call.Name} was not called. {answer.Trouble ?? Problem.Read(answer).Sentence}");
        var permit = answer.Read<PermitView>();
        var (result, outcome) = await HeldAsync(client, call, found, permit, asked, cancel);
        if (await PermitReport.SendAsync(line, permit.Id, outcome) is { } why)
            line.Terminal.Errors.MarkupLineInterpolated($"[yellow]{permit.Id} could not be reported: {why}[/]");
        return result;
    }

    private async Task<(CallToolResult Result, PermitOutcome Outcome)> HeldAsync(
        McpServer client, CallToolRequestParams call, (string Server, McpClient Client, Tool Tool) found, PermitView permit, long asked,
        CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var hold = new PermitHold(line.Quick(), permit.Id, TimeSpan.FromSeconds(permit.Seconds), Margin);
        hold.Begin(asked);
        var calling = ForwardAsync(client, call, found, ended.Token);
        if (await Task.WhenAny(calling, hold.Stopped) == calling)
        {
            try
            {
                var result = await calling;
                return (result, result.IsError == true ? PermitOutcome.Failed : PermitOutcome.Done);
            }
            catch (McpException error)
            {
                return (Error(error.Message), PermitOutcome.Failed);
            }
        }

        var (_, why) = await hold.Stopped;
        await ended.CancelAsync();
        _ = calling.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        return (Error($"{call.Name} was stopped: {why} What it has done is not known; do not repeat it before a person has looked."), PermitOutcome.Unknown);
    }

    private static async Task<CallToolResult> ForwardAsync(
        McpServer client, CallToolRequestParams call, (string Server, McpClient Client, Tool Tool) found, CancellationToken cancel)
    {
        var arguments = call.Arguments?.ToDictionary(one => one.Key, one => (object?)one.Value);
        IProgress<ProgressNotificationValue>? progress = call.ProgressToken is { } token
            ? new Progress<ProgressNotificationValue>(value => _ = client.NotifyProgressAsync(token, value, cancellationToken: cancel))
            : null;
        return await found.Client.CallToolAsync(found.Tool.Name, arguments, progress, cancellationToken: cancel);
    }

    private static Tool Renamed(Tool tool, string name)
    {
        var copy = JsonSerializer.Deserialize<Tool>(JsonSerializer.Serialize(tool, McpJsonUtilities.DefaultOptions), McpJsonUtilities.DefaultOptions)!;
        copy.Name = name;
        return copy;
    }

    private static CallToolResult Error(string sentence) => new() { IsError = true, Content = [new TextContentBlock { Text = sentence }] };

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, client) in clients) await client.DisposeAsync();
    }
}
