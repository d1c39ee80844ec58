using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Mcp;

/// <summary>
/// A session's requests that wait for their answers. The protocol answers nothing to one that its client cancelled, so that the stream of its
/// POST would stay open for as long as the session lasts: it ends here.
/// </summary>
internal sealed class McpCalls
{
    private readonly ConcurrentDictionary<RequestId, CancellationTokenSource> waiting = new();

    /// <summary>Sends a message on, and writes its answer, if there is to be one.</summary>
    /// <param name="send">Sends it on; false: nothing was written, because there was nothing to answer.</param>
    /// <param name="closed">The session is over.</param>
    public async Task<bool> SendAsync(
        JsonRpcMessage message, Func<CancellationToken, Task<bool>> send, CancellationToken closed, CancellationToken cancel)
    {
        if (message is not JsonRpcRequest { Id: var id })
        {
            var answered = await send(cancel);
            if (Canceled(message) is { } canceled && waiting.TryGetValue(canceled, out var other)) await EndAsync(other);
            return answered;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, closed);
        waiting.TryAdd(id, end);
        try
        {
            return await send(end.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return true;
        }
        finally
        {
            waiting.TryRemove(KeyValuePair.Create(id, end));
        }
    }

    private static async Task EndAsync(CancellationTokenSource call)
    {
        try
        {
            await call.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It was answered at this moment.
        }
    }

    /// <summary>The request that the message cancels, or null.</summary>
    private static RequestId? Canceled(JsonRpcMessage message)
    {
        if (message is not JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject about }) return null;
        try
        {
            return about["requestId"]?.Deserialize<RequestId>(McpJsonUtilities.DefaultOptions);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
