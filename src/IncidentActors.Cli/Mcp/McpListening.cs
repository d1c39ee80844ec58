using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IncidentActors.Cli.Mcp;

/// <summary>
/// The client's subscriptions, kept at the server by <c>subscriptions/listen</c>. When the server or its database was away, the subscription begins
/// again by itself, and the client is notified: it may have missed something.
/// </summary>
internal sealed class McpListening
{
    private readonly McpUpstream upstream;
    private readonly ConcurrentDictionary<string, Subscription> subscriptions = new(StringComparer.Ordinal);
    private int last;

    public McpListening(McpUpstream upstream)
    {
        this.upstream = upstream;
        upstream.Notified = async (notification, cancel) =>
        {
            if (IdIn(notification.Params) is { } id && subscriptions.TryGetValue(id, out var subscription)) await subscription.HearAsync(notification, cancel);
        };
    }

    /// <summary>The revisions before 2026-07-28: until it is unsubscribed, or the bridge ends.</summary>
    /// <exception cref="McpProtocolException">The server does not let the client subscribe to it.</exception>
    public async Task<EmptyResult> SubscribeAsync(McpServer client, string? uri, CancellationToken ended, CancellationToken cancel)
    {
        if (uri is null) throw new McpProtocolException("Name the resource: 'uri'.", McpErrorCode.InvalidParams);
        await UnsubscribeAsync(uri);
        var subscription = Begin(client, [uri], null, ended);
        if ((await subscription.Granted.WaitAsync(cancel)).Contains(uri)) return new EmptyResult();
        await subscription.EndAsync();
        throw new McpProtocolException("Only your own inbox can be subscribed to: incidentactors://agents/@you/inbox.", McpErrorCode.InvalidParams);
    }

    public async Task<EmptyResult> UnsubscribeAsync(string? uri)
    {
        foreach (var subscription in subscriptions.Values.Where(one => one.Id is null && one.Uris.Contains(uri ?? ""))) await subscription.EndAsync();
        return new EmptyResult();
    }

    /// <summary>Revision 2026-07-28: until the client cancels it.</summary>
    public async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken ended, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ended, cancel);
        var subscription = Begin(
            request.Server, [.. request.Params?.Notifications.ResourceSubscriptions ?? []], request.JsonRpcRequest.Id, end.Token);
        try
        {
            var granted = await subscription.Granted.WaitAsync(end.Token);
            await SendAsync(
                request.Server, NotificationMethods.SubscriptionsAcknowledgedNotification, request.JsonRpcRequest.Id,
                new JsonObject { ["notifications"] = granted.Length == 0 ? [] : new JsonObject { ["resourceSubscriptions"] = new JsonArray([.. granted]) } });
            await subscription.Running;
        }
        finally
        {
            await subscription.EndAsync();
        }

        return new EmptyResult();
    }

    /// <param name="id">Of the client's own request, or null: it subscribed by its session.</param>
    public Subscription Begin(McpServer client, string[]? uris, RequestId? id, CancellationToken end)
    {
        var name = $"listen-{Interlocked.Increment(ref last)}";
        var subscription = subscriptions[name] = new Subscription(client, uris ?? [], id, end);
        subscription.Running = RunAsync(name, subscription);
        return subscription;
    }

    public async Task EndAsync()
    {
        foreach (var subscription in subscriptions.Values) await subscription.EndAsync();
    }

    private async Task RunAsync(string name, Subscription subscription)
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    var wanted = new JsonObject { ["resourceSubscriptions"] = new JsonArray([.. subscription.Uris]) };
                    await upstream.OnceAsync(
                        RequestMethods.SubscriptionsListen, new JsonObject { ["notifications"] = wanted }, new RequestId(name), asks: false, subscription.End);
                }
                catch (Exception error) when (McpUpstream.IsAway(error))
                {
                    // It begins again.
                }

                if (subscription.Heard) attempt = 1;
                subscription.Heard = false;
                await upstream.PauseAsync(attempt, subscription.End);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException or SocketException or McpException or ObjectDisposedException)
        {
            subscription.Refuse();
        }
        finally
        {
            subscriptions.TryRemove(name, out _);
        }
    }

    private static string? IdIn(JsonNode? parameters) => (parameters as JsonObject)?["_meta"]?[MetaKeys.SubscriptionId]?.ToString();

    private static Task SendAsync(McpServer client, string method, RequestId? id, JsonObject parameters)
    {
        if (id is { } given)
        {
            JsonNode subscription = given.Id is long number ? JsonValue.Create(number) : JsonValue.Create(given.ToString());
            parameters["_meta"] = new JsonObject { [MetaKeys.SubscriptionId] = subscription };
        }

        return client.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters }, CancellationToken.None);
    }

    internal sealed class Subscription(McpServer client, string[] uris, RequestId? id, CancellationToken end)
    {
        private readonly CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(end);
        private readonly TaskCompletionSource<string[]> granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RequestId? Id => id;
        public string[] Uris => uris;
        public CancellationToken End => ended.Token;
        public Task Running { get; set; } = Task.CompletedTask;

        /// <summary>What the server lets the client subscribe to.</summary>
        public Task<string[]> Granted => granted.Task;

        /// <summary>The server has begun it since the last attempt.</summary>
        public bool Heard { get; set; }

        public async ValueTask HearAsync(JsonRpcNotification notification, CancellationToken cancel)
        {
            if (notification.Method != NotificationMethods.SubscriptionsAcknowledgedNotification)
            {
                await UpdatedAsync((string?)notification.Params?["uri"]);
                return;
            }

            Heard = true;
            string[] allowed = [.. (notification.Params?["notifications"]?["resourceSubscriptions"] as JsonArray ?? []).Select(uri => (string)uri!)];
            if (granted.TrySetResult(allowed)) return;
            // It began again: something may have been missed.
            foreach (var uri in allowed) await UpdatedAsync(uri);
        }

        public void Refuse() => granted.TrySetResult([]);

        public async Task EndAsync()
        {
            await ended.CancelAsync();
            await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private Task UpdatedAsync(string? uri) => uri is null
            ? Task.CompletedTask
            : SendAsync(client, NotificationMethods.ResourceUpdatedNotification, id, new JsonObject { ["uri"] = uri });
    }
}
