using System.Collections.Immutable;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Mcp;

/// <summary>Whether a request's parameters are what its method takes; the protocol's error for that is -32602, and it is the sender's.</summary>
internal static class McpParameters
{
    private static readonly ImmutableDictionary<string, Type> Types = new Dictionary<string, Type>
    {
        [RequestMethods.Initialize] = typeof(InitializeRequestParams),
        [RequestMethods.ToolsList] = typeof(ListToolsRequestParams),
        [RequestMethods.ToolsCall] = typeof(CallToolRequestParams),
        [RequestMethods.PromptsList] = typeof(ListPromptsRequestParams),
        [RequestMethods.PromptsGet] = typeof(GetPromptRequestParams),
        [RequestMethods.ResourcesList] = typeof(ListResourcesRequestParams),
        [RequestMethods.ResourcesTemplatesList] = typeof(ListResourceTemplatesRequestParams),
        [RequestMethods.ResourcesRead] = typeof(ReadResourceRequestParams),
        [RequestMethods.ResourcesSubscribe] = typeof(SubscribeRequestParams),
        [RequestMethods.ResourcesUnsubscribe] = typeof(UnsubscribeRequestParams),
        [RequestMethods.CompletionComplete] = typeof(CompleteRequestParams),
    }.ToImmutableDictionary();

    /// <summary>Methods that cannot do without parameters.</summary>
    private static readonly ImmutableHashSet<string> Needing =
    [
        RequestMethods.Initialize, RequestMethods.ToolsCall, RequestMethods.PromptsGet, RequestMethods.ResourcesRead, RequestMethods.ResourcesSubscribe,
        RequestMethods.ResourcesUnsubscribe, RequestMethods.CompletionComplete,
    ];

    /// <summary>What is wrong with them, or null. Methods that there are not are the protocol's own to refuse.</summary>
    public static string? Problem(JsonRpcMessage message)
    {
        if (message is not JsonRpcRequest request || !Types.TryGetValue(request.Method, out var type)) return null;
        if (request.Params is null) return Needing.Contains(request.Method) ? $"'{request.Method}' needs parameters." : null;
        try
        {
            request.Params.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo(type));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException)
        {
            return $"The parameters are not those of '{request.Method}': {error.Message}";
        }

        // Every list is given whole, so no cursor was ever given out.
        return request.Method.EndsWith("/list", StringComparison.Ordinal) && request.Params["cursor"] is not null
            ? "There is no such cursor: every list is given whole."
            : null;
    }
}
