using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Core.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IncidentActors.Cli.Mcp;

/// <summary>
/// The SDK's server on standard input and output, which passes every request on. It ends when its input ends: what waits is canceled at once, and what
/// is being done has a moment to be answered.
/// </summary>
internal sealed class StdioBridge(McpUpstream upstream)
{
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource ended = new();
    private readonly CancellationTokenSource late = new();
    private readonly McpListening listening = new(upstream);

    /// <summary>Runs until the input ends or the program is asked to stop.</summary>
    public async Task RunAsync(Stream input, Stream output, CancellationToken cancel)
    {
        var pipe = new Pipe();
        var options = Options();
        await using var transport = new StreamServerTransport(pipe.Reader.AsStream(), output, "incidentactors");
        await using var server = McpServer.Create(transport, options);
        var running = server.RunAsync(CancellationToken.None);
        if (upstream.HasSession) listening.Begin(server, null, null, ended.Token);

        // Reading from a terminal cannot be canceled, so it is not waited for.
        var reading = Task.Run(() => new McpLines(input, transport).CopyAsync(pipe.Writer.AsStream(), cancel), CancellationToken.None);
        await Task.WhenAny(reading, running, Task.Delay(Timeout.Infinite, cancel));
        await ended.CancelAsync();
        late.CancelAfter(cancel.IsCancellationRequested ? TimeSpan.Zero : LastAnswers);
        await pipe.Writer.CompleteAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await listening.EndAsync();
    }

    private McpServerOptions Options()
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "incidentactors", Title = "IncidentActors", Version = "1" },
            Capabilities = new ServerCapabilities
            {
                Tools = new ToolsCapability(),
                Prompts = new PromptsCapability(),
                Resources = new ResourcesCapability { Subscribe = true },
                Completions = new CompletionsCapability(),
            },
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (request, cancel) => PassAsync<ListToolsRequestParams, ListToolsResult>(request, cancel),
                CallToolHandler = (request, cancel) => PassAsync<CallToolRequestParams, CallToolResult>(request, cancel),
                ListPromptsHandler = (request, cancel) => PassAsync<ListPromptsRequestParams, ListPromptsResult>(request, cancel),
                GetPromptHandler = (request, cancel) => PassAsync<GetPromptRequestParams, GetPromptResult>(request, cancel),
                ListResourcesHandler = (request, cancel) => PassAsync<ListResourcesRequestParams, ListResourcesResult>(request, cancel),
                ListResourceTemplatesHandler = (request, cancel) =>
                    PassAsync<ListResourceTemplatesRequestParams, ListResourceTemplatesResult>(request, cancel),
                ReadResourceHandler = (request, cancel) => PassAsync<ReadResourceRequestParams, ReadResourceResult>(request, cancel),
                CompleteHandler = (request, cancel) => PassAsync<CompleteRequestParams, CompleteResult>(request, cancel),
                SubscribeToResourcesHandler = async (request, cancel) =>
                    await listening.SubscribeAsync(request.Server, request.Params?.Uri, ended.Token, cancel),
                UnsubscribeFromResourcesHandler = async (request, _) => await listening.UnsubscribeAsync(request.Params?.Uri),
                SubscriptionsListenHandler = (request, cancel) => listening.ListenAsync(request, ended.Token, cancel),
            },
        };
        options.Filters.Message.IncomingFilters.Add(next => async (context, cancel) =>
        {
            var request = context.JsonRpcMessage as JsonRpcRequest;
            if (request is not null) McpRequests.Mend(request.Method, request.Params);
            if (request?.Method is RequestMethods.Initialize or RequestMethods.ServerDiscover)
                options.ServerInstructions ??= await upstream.InstructionsAsync(late.Token);
            try
            {
                await next(context, cancel);
            }
            catch (JsonException error) when (request is not null)
            {
                throw new McpProtocolException($"The parameters are not those of '{request.Method}': {error.Message}", McpErrorCode.InvalidParams);
            }
        });
        return options;
    }

    private async ValueTask<TResult> PassAsync<TParams, TResult>(RequestContext<TParams> request, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, Waits(request.Params) ? ended.Token : late.Token);
        var sent = request.JsonRpcRequest;
        var result = await upstream.SendAsync(sent.Method, sent.Params, McpQuestion.Of(request.Server), end.Token);
        // The SDK says for each revision how a result was completed.
        (result as JsonObject)?.Remove("resultType");
        return result.Deserialize((JsonTypeInfo<TResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(TResult)))!;
    }

    /// <summary>The call waits for news; it is canceled when the input has ended and its caller is gone.</summary>
    private static bool Waits(object? parameters) => parameters is CallToolRequestParams { Arguments: { } arguments } && arguments.ContainsKey("wait");
}
