using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tokens;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IncidentActors.Server.Mcp;

/// <summary>One client that has shaken hands: its transport, and the protocol running on it until it ends.</summary>
internal sealed class McpSession : IAsyncDisposable
{
    private const string Instructions =
        """
        IncidentActors: incidents worked by agents and people. Begin every turn with 'inbox'. Acknowledge what requires it with 'message_ack'.
        A refusal names its rule and what is allowed now: do that. A HALT in any answer means: stop what it covers and confirm it with 'halt_ack'.
        Closing an ATP ends your turn. Tools that change something take 'idempotencyKey': the same key gives the first answer, so sending again is safe.
        """;

    private readonly StreamableHttpServerTransport transport;
    private readonly McpServer server;
    private readonly CancellationTokenSource closed = new();
    private readonly Task run;
    private readonly McpInbox inbox;
    private TokenLives.Life? life;
    private readonly McpNews news = new();
    private readonly Task telling;
    private readonly McpCalls calls = new();

    public McpSession(RunningEngine engine, McpCaller caller, string toolSet, ILoggerFactory logs)
    {
        Caller = caller;
        transport = new StreamableHttpServerTransport(logs) { SessionId = caller.Session };
        inbox = new McpInbox(engine, caller);
        server = McpServer.Create(transport, Options(engine, caller, toolSet, inbox), logs, null);
        run = server.RunAsync(closed.Token);
        telling = transport.HandleGetRequestAsync(news, closed.Token);
        LastUsed = engine.Options.Time.GetUtcNow();
    }

    public McpCaller Caller { get; }
    public string Id => Caller.Session;
    public DateTimeOffset LastUsed { get; set; }

    /// <summary>Somebody listens to it.</summary>
    public bool Streaming => news.Heard;

    /// <summary>The session ends with its token.</summary>
    public void LastsAs(TokenLives.Life tokens, Func<Task> end)
    {
        life = tokens;
        tokens.Token.Register(() => _ = Task.Run(end));
    }

    /// <summary>False: nothing was written, because there was nothing to answer.</summary>
    public Task<bool> PostAsync(JsonRpcMessage message, Stream response, CancellationToken cancel) =>
        calls.SendAsync(message, end => transport.HandlePostRequestAsync(message, response, end), closed.Token, cancel);

    /// <summary>Writes what the server says by itself, until the client goes, the session ends, or its next stream takes the place of this one.</summary>
    /// <param name="after">Id of the event that the client saw last, or null.</param>
    public async Task StreamAsync(Stream response, string? after, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, closed.Token);
        await news.StreamAsync(response, after, end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync();
        await inbox.DisposeAsync();
        await transport.DisposeAsync();
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.DisposeAsync();
        life?.Dispose();
        closed.Dispose();
    }

    private static McpServerOptions Options(RunningEngine engine, McpCaller caller, string toolSet, McpInbox inbox)
    {
        var tools = new McpTools(engine, caller, toolSet);
        var prompts = new McpPrompts(engine);
        var resources = new McpResources(engine);
        var completions = new McpCompletions(engine, caller, prompts);
        return new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "incidentactors", Title = "IncidentActors", Version = "1" },
            ServerInstructions = Instructions,
            Capabilities = new ServerCapabilities
            {
                Tools = new ToolsCapability(),
                Prompts = new PromptsCapability(),
                Resources = new ResourcesCapability { Subscribe = true },
                Completions = new CompletionsCapability(),
            },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (_, _) => ValueTask.FromResult(tools.List()),
                CallToolHandler = async (request, cancel) => await tools.CallAsync(request.Server, request.Params, cancel),
                ListPromptsHandler = (_, _) => ValueTask.FromResult(prompts.List()),
                GetPromptHandler = (request, _) => ValueTask.FromResult(prompts.Get(request.Params)),
                ListResourcesHandler = async (_, _) => await resources.ListAsync(),
                ListResourceTemplatesHandler = (_, _) => ValueTask.FromResult(McpResources.Templates()),
                ReadResourceHandler = async (request, cancel) =>
                    await inbox.ReadAsync(request.Params?.Uri) ?? await resources.ReadAsync(request.Params?.Uri, cancel),
                CompleteHandler = async (request, cancel) => await completions.CompleteAsync(request.Params, cancel),
                SubscribeToResourcesHandler = (request, _) => ValueTask.FromResult(inbox.Subscribe(request.Server, request.Params?.Uri)),
                UnsubscribeFromResourcesHandler = async (_, _) => await inbox.UnsubscribeAsync(),
            },
        };
    }
}
