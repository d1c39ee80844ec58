using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IncidentActors.Server.Mcp;

/// <summary>
/// The caller's inbox as a resource. A client that subscribes is notified when something comes that no other session has: by its session's stream
/// (<c>resources/subscribe</c>), or since revision 2026-07-28 by the answer of <c>subscriptions/listen</c>. A store that is away ends no subscription.
/// </summary>
internal sealed class McpSubscriptions(RunningEngine engine, McpCalls calls, McpSessions sessions, IHostApplicationLifetime lifetime)
{
    public const string Prefix = "incidentactors://agents/";
    public const string Suffix = "/inbox";
    private const int MaxShown = 100;
    private static readonly TimeSpan LookFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>Without taking anything; null: it is another resource.</summary>
    public async Task<ReadResourceResult?> ReadAsync(string? uri, CancellationToken cancel)
    {
        if (calls.Caller is not { } call || uri != UriOf(call.By)) return null;
        var messages = await engine.Journal.InboxAsync(call.By, MaxShown, cancel);
        ImmutableArray<MessageView> views = [.. messages.Select(message => Engine.Views.Message(message, false))];
        return new ReadResourceResult
        {
            Contents = [new TextResourceContents { Uri = uri, MimeType = "application/json", Text = ServerJson.Element(views).GetRawText() }],
        };
    }

    /// <summary>A repeated subscription starts again: waiting messages are reported again.</summary>
    public EmptyResult Subscribe(string? sessionId, string? uri)
    {
        var call = calls.Caller;
        if (call is null || uri != UriOf(call.By))
        {
            throw new McpProtocolException(
                $"Only your own inbox can be subscribed to: {(call is null ? "connect as somebody first" : UriOf(call.By))}.", McpErrorCode.InvalidParams);
        }

        if (sessions.Find(sessionId) is { } session)
            session.Watch(cancel => WatchAsync(call.By, call.Session, end => NotifyAsync(session.Server, uri, null, end), cancel));
        return new EmptyResult();
    }

    public ValueTask<EmptyResult> UnsubscribeAsync(string? sessionId)
    {
        sessions.Find(sessionId)?.Stop();
        return ValueTask.FromResult(new EmptyResult());
    }

    /// <summary>
    /// Lasts until the client ends it. Beginning it with the name of a session says that the session is there: when it ends, what the session holds
    /// is for others at once.
    /// </summary>
    public async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancel)
    {
        var call = calls.Caller;
        var uri = call is not null && request.Params?.Notifications.ResourceSubscriptions?.Contains(UriOf(call.By)) == true ? UriOf(call.By) : null;
        var id = request.JsonRpcRequest.Id.Id is long number ? JsonValue.Create(number) : JsonValue.Create(request.JsonRpcRequest.Id.ToString());
        var granted = new SubscriptionsListenNotifications { ResourceSubscriptions = uri is null ? null : [uri] };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, calls.Request!.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await request.Server.SendMessageAsync(
                new JsonRpcNotification
                {
                    Method = NotificationMethods.SubscriptionsAcknowledgedNotification,
                    Params = new JsonObject
                    {
                        ["notifications"] = JsonSerializer.SerializeToNode(
                            granted, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(SubscriptionsListenNotifications))),
                        ["_meta"] = Of(id),
                    },
                },
                end.Token);
            if (uri is null)
                await Task.Delay(Timeout.Infinite, end.Token);
            else
                await WatchAsync(call!.By, call.Session, stop => NotifyAsync(request.Server, uri, id, stop), end.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The answer ends with the server; the client begins it again at the next one.
        }
        finally
        {
            if (call is { Session.Length: > 0 }) await sessions.ReleaseAsync(call.By, call.Session);
        }

        return new EmptyResult();
    }

    private static string UriOf(string handle) => Prefix + handle + Suffix;

    private async Task WatchAsync(string handle, string session, Func<CancellationToken, Task> notify, CancellationToken cancel)
    {
        var told = ImmutableHashSet<string>.Empty;
        while (true)
        {
            try
            {
                if (!await engine.Waits.UntilAsync(handle, session, told, LookFor, cancel)) continue;
                var messages = await engine.Journal.InboxAsync(handle, told.Count + MaxShown, cancel);
                await notify(cancel);
                told = [.. messages.Select(message => message.Message.Id)];
            }
            catch (JournalUnavailableException)
            {
                // What came meanwhile is unknown: when the store is back, waiting messages are reported again.
                told = [];
                await Task.Delay(RetryInterval, engine.Options.Time, cancel);
            }
        }
    }

    private static Task NotifyAsync(McpServer server, string uri, JsonNode? subscription, CancellationToken cancel) =>
        server.SendNotificationAsync(
            NotificationMethods.ResourceUpdatedNotification, new ResourceUpdatedNotificationParams { Uri = uri, Meta = Of(subscription) },
            McpJsonUtilities.DefaultOptions, cancel);

    private static JsonObject? Of(JsonNode? subscription) =>
        subscription is null ? null : new JsonObject { [MetaKeys.SubscriptionId] = subscription.DeepClone() };
}
