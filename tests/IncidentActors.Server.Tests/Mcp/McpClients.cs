using System.Text.Json;
using IncidentActors.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>The official C# client, over HTTP and over the stdio bridge.</summary>
internal static class McpClients
{
    private static readonly TimeSpan WaitTimeout = Eventually.LongestDeadline;

    /// <summary>Every revision over both transports.</summary>
    public static TheoryData<string, string> All => new()
    {
        { "http", "2025-06-18" }, { "http", "2025-11-25" }, { "http", "2026-07-28" },
        { "stdio", "2025-06-18" }, { "stdio", "2025-11-25" }, { "stdio", "2026-07-28" },
    };

    /// <param name="person">Answers questions; null: the client cannot ask.</param>
    /// <param name="capability">What the client says that it can ask; null: as it can.</param>
    public static Task<McpClient> ConnectAsync(
        string transport, string revision, Uri server, string agent, string? session = null,
        Func<ElicitRequestParams?, CancellationToken, ValueTask<ElicitResult>>? person = null, ElicitationCapability? capability = null)
    {
        var options = new McpClientOptions { ProtocolVersion = revision, DiscoverProbeTimeout = WaitTimeout, InitializationTimeout = WaitTimeout };
        if (person is not null) options.Handlers.ElicitationHandler = person;
        if (capability is not null) options.Capabilities = new ClientCapabilities { Elicitation = capability };
        return McpClient.CreateAsync(transport == "http" ? Http(server, agent, session) : Stdio(server, agent, session), options);
    }

    public static async Task<CallToolResult> CallAsync(this McpClient client, string tool, object arguments, CancellationToken cancel = default) =>
        await client.CallToolAsync(
            tool, JsonSerializer.SerializeToElement(arguments).EnumerateObject().ToDictionary(one => one.Name, one => (object?)one.Value),
            cancellationToken: cancel);

    /// <summary>All text blocks.</summary>
    public static string Text(this CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    private static HttpClientTransport Http(Uri server, string agent, string? session)
    {
        var headers = new Dictionary<string, string> { ["X-Agent"] = agent };
        if (session is not null) headers["X-Session"] = session;
        return new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(server, "/mcp?tools=all"), TransportMode = HttpTransportMode.StreamableHttp, AdditionalHeaders = headers,
        });
    }

    private static StdioClientTransport Stdio(Uri server, string agent, string? session) => new(new StdioClientTransportOptions
    {
        Command = "dotnet",
        Arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "incident.dll"), "mcp", "--server", server.ToString(), "--agent", agent, "--tools", "all",
            .. session is null ? [] : new[] { "--session", session },
        ],
    });
}
