using System.Net.Sockets;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Terminals;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Cli.Mcp;

/// <summary>
/// The server behind the bridge, by revision 2026-07-28: no session that a restart could lose. A request that failed because the server was away is
/// sent again with the same idempotency key, until it is answered or canceled.
/// </summary>
internal sealed class McpUpstream(ServerAddress address, Terminal terminal, string tools, Action<string> tell) : IAsyncDisposable
{
    private const string Revision = "2026-07-28";
    private const string KeyMeta = "incidentactors/idempotency-key";
    private const int MaxAttempts = 8;
    private const McpErrorCode Unreachable = (McpErrorCode)(-32000);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim connecting = new(1, 1);
    private readonly Dictionary<bool, McpClient> clients = [];
    private readonly AsyncLocal<McpQuestion?> question = new();

    /// <summary>Called with every notification of the server.</summary>
    public Func<JsonRpcNotification, CancellationToken, ValueTask> Notified { get; set; } = (_, _) => ValueTask.CompletedTask;

    /// <summary>The client works under a session's name, whose messages must be released when it ends.</summary>
    public bool HasSession => address.Session is not null;

    /// <summary>What the server tells a model before its first call.</summary>
    public async Task<string?> InstructionsAsync(CancellationToken cancel) =>
        await AttemptAsync(async () => (await ClientAsync(asks: false, cancel)).ServerInstructions, cancel);

    /// <summary>Sends a request and gives the result.</summary>
    /// <param name="asks">What puts a question to the person at the client; null: the client cannot ask.</param>
    /// <exception cref="McpProtocolException">The server refused it, or could not be reached.</exception>
    public Task<JsonNode?> SendAsync(string method, JsonNode? parameters, McpQuestion? asks, CancellationToken cancel)
    {
        var sent = Own(method, parameters);
        return AttemptAsync(
            async () =>
            {
                question.Value = asks;
                return (await OnceAsync(method, sent.DeepClone().AsObject(), default, asks is not null, cancel)).Result;
            },
            cancel);
    }

    /// <summary>Sends a request once.</summary>
    /// <param name="id">Of the request; default: any.</param>
    public async Task<JsonRpcResponse> OnceAsync(string method, JsonObject parameters, RequestId id, bool asks, CancellationToken cancel) =>
        await (await ClientAsync(asks, cancel)).SendRequestAsync(new JsonRpcRequest { Id = id, Method = method, Params = parameters }, cancel);

    /// <summary>Waits longer after every attempt.</summary>
    public Task PauseAsync(int attempt, CancellationToken cancel)
    {
        var wait = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(attempt, 10)));
        return terminal.Pause(wait < MaxPause ? wait : MaxPause, cancel);
    }

    /// <summary>The server is away for now: sending it again may help.</summary>
    public static bool IsAway(Exception error) => error switch
    {
        HttpRequestException { StatusCode: null } or SocketException or IOException or TimeoutException => true,
        HttpRequestException { StatusCode: { } status } =>
            (int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout,
        McpProtocolException => false,
        McpException => true, // The answer broke off.
        _ => false,
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients.Values) await client.DisposeAsync();
    }

    /// <summary>The client's parameters without what belongs to its own connection; a tool's call with an idempotency key.</summary>
    private static JsonObject Own(string method, JsonNode? parameters)
    {
        var own = parameters?.DeepClone() as JsonObject ?? [];
        own.Remove("inputResponses");
        own.Remove("requestState");
        if (own["_meta"] is JsonObject meta)
        {
            foreach (var name in meta.Select(one => one.Key).Where(IsOfTheConnection).ToList()) meta.Remove(name);
        }

        if (method != RequestMethods.ToolsCall || own["arguments"] is JsonObject arguments && arguments["idempotencyKey"] is not null) return own;
        if (own["_meta"] is not JsonObject) own["_meta"] = new JsonObject();
        own["_meta"]!.AsObject().TryAdd(KeyMeta, $"mcp-{Guid.NewGuid():N}");
        return own;
    }

    private static bool IsOfTheConnection(string name) =>
        name == "progressToken" || name.StartsWith("io.modelcontextprotocol/", StringComparison.Ordinal);

    private async Task<T> AttemptAsync<T>(Func<Task<T>> send, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await send();
            }
            catch (Exception error) when (IsAway(error) && attempt < MaxAttempts && !cancel.IsCancellationRequested)
            {
                if (attempt == 1) tell($"{Sentence(error)} Trying again.");
            }
            catch (Exception error) when (error is HttpRequestException or SocketException or IOException or TimeoutException
                or McpException and not McpProtocolException)
            {
                cancel.ThrowIfCancellationRequested();
                throw new McpProtocolException(Sentence(error), Unreachable);
            }

            await PauseAsync(attempt, cancel);
        }
    }

    /// <summary>Two clients at most: what a client can do is said with each of its requests.</summary>
    private async Task<McpClient> ClientAsync(bool asks, CancellationToken cancel)
    {
        await connecting.WaitAsync(cancel);
        try
        {
            if (clients.TryGetValue(asks, out var known)) return known;
            var options = new McpClientOptions
            {
                ProtocolVersion = Revision,
                DiscoverProbeTimeout = ConnectTimeout,
                InitializationTimeout = ConnectTimeout,
                ClientInfo = new Implementation { Name = "incident mcp", Version = "1" },
            };
            if (asks) options.Handlers.ElicitationHandler = async (asked, end) => await question.Value!.AskAsync(asked, end);
            var client = await McpClient.CreateAsync(Transport(), options, null, cancel);
            client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (told, end) => Notified(told, end));
            client.RegisterNotificationHandler(NotificationMethods.SubscriptionsAcknowledgedNotification, (told, end) => Notified(told, end));
            return clients[asks] = client;
        }
        finally
        {
            connecting.Release();
        }
    }

    private HttpClientTransport Transport()
    {
        using var signed = new HttpRequestMessage();
        address.Sign(signed);
        var path = $"{address.Server.AbsolutePath.TrimEnd('/')}/mcp{Paths.Query(("tools", tools))}";
        return new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri(address.Server, path),
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = signed.Headers.ToDictionary(header => header.Key, header => header.Value.First()),
            },
            new HttpClient(terminal.Http()) { Timeout = Timeout.InfiniteTimeSpan }, null, ownsHttpClient: true);
    }

    /// <summary>The server's own sentence, where it gave one.</summary>
    private string Sentence(Exception error)
    {
        if (error is not HttpRequestException { StatusCode: { } status })
            return address.Unreachable(error);
        var body = error.Message.IndexOf('{', StringComparison.Ordinal);
        try
        {
            if (body >= 0 && JsonNode.Parse(error.Message[body..]) is JsonObject said && (said["detail"] ?? said["error"]?["message"]) is JsonValue sentence)
                return sentence.ToString();
        }
        catch (JsonException)
        {
            // Not the server's own: a proxy's page, or cut off.
        }

        return $"{address} answered {(int)status}.";
    }
}
