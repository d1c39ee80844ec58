using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using IncidentActors.Core.Json;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IncidentActors.Server.Mcp;

/// <summary>
/// What the SDK's transport does not check (decision 0019): the origin of a page, the caller, the limits and the form of the body. It binds a session
/// to its caller, and ends the answer of a request that was canceled.
/// </summary>
internal static class McpRequestChecks
{
    /// <summary>As the SDK's transport answers.</summary>
    private const McpErrorCode SessionNotFound = (McpErrorCode)(-32001);
    private const string NoSession = "Session not found";
    public const string SessionHeader = "Mcp-Session-Id";

    public static RequestDelegate Before(RequestDelegate next) => async http =>
    {
        if (Refusal(http) is { } refusal)
        {
            await FailAsync(http, refusal.Status, McpErrorCode.InvalidRequest, refusal.Sentence);
            return;
        }

        // A request that names nothing accepts everything (RFC 9110); the SDK's transport reads that otherwise.
        // So does one that reads the streams in which everything is answered.
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.Headers.Accept.ToString() is "" or "text/event-stream") http.Request.Headers.Accept = "*/*";
        if (HttpMethods.IsPost(http.Request.Method) && !await BodyIsReadAsync(http)) return;
        var aborted = http.RequestAborted;
        var session = http.RequestServices.GetRequiredService<McpSessions>().Find(http.Request.Headers[SessionHeader]);
        using var answer = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        http.Items[typeof(McpRequestChecks)] = answer;
        http.RequestAborted = answer.Token;
        http.Response.Body = new UncanceledWrites(http.Response.Body, aborted);
        session?.Use(1);
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (answer.IsCancellationRequested && session?.Ended != true && !aborted.IsCancellationRequested)
        {
            // The request was canceled by a message of its client: there is no answer, and the stream ends.
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException or ObjectDisposedException
            && !aborted.IsCancellationRequested)
        {
            await EndedAsync(http, aborted);
        }
        finally
        {
            session?.Use(-1);
            http.Items.Remove(typeof(McpRequestChecks));
            http.RequestAborted = aborted;
            if (HttpMethods.IsGet(http.Request.Method) && http.Features.Get<McpServer>()?.SessionId is { } ended)
                await http.RequestServices.GetRequiredService<McpSessions>().StreamEndedAsync(ended);
        }
    };

    /// <summary>The session ended while the request was under way: it has no answer yet, and gets this one.</summary>
    private static async Task EndedAsync(HttpContext http, CancellationToken aborted)
    {
        http.RequestAborted = aborted;
        if (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await FailAsync(http, StatusCodes.Status404NotFound, SessionNotFound, NoSession);
        }
        else if (http.Request.Body is MemoryStream sent && Message(JsonElement.Parse(sent.ToArray())) is JsonRpcRequest request)
        {
            var error = JsonSerializer.Serialize(Error(SessionNotFound, NoSession, request.Id), Info<JsonRpcError>());
            await http.Response.WriteAsync($"event: message\ndata: {error}\n\n", aborted);
        }
    }

    /// <summary>Ends the answer of the request without a message.</summary>
    public static void EndAnswer(HttpContext? http)
    {
        try
        {
            (http?.Items[typeof(McpRequestChecks)] as CancellationTokenSource)?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended at the same moment.
        }
    }

    private static (int Status, string Sentence)? Refusal(HttpContext http)
    {
        // A web page of another site must not call through a visitor's browser ("DNS rebinding" in the protocol); programs send no origin.
        if (!RequestOrigin.IsOwn(http.Request)) return (StatusCodes.Status403Forbidden, "Request rejected: origin not allowed.");
        if (ToolSet.Of(ToolSet.NameIn(http.Request)) is null)
            return (StatusCodes.Status400BadRequest, $"'tools' must be one of {string.Join(", ", ToolSet.Names)}.");
        return CallReader.Read(http.Request).Refusal is { } refusal ? (StatusCodes.Status400BadRequest, refusal.Sentence) : null;
    }

    /// <summary>The same limits and the same strictness as of every other body. False: the answer is written.</summary>
    private static async Task<bool> BodyIsReadAsync(HttpContext http)
    {
        var (body, problem) = await Body.ReadAsync(http.Request, Body.DefaultLimit, http.RequestAborted, lists: true);
        if (problem is not null)
        {
            var code = problem.Status == StatusCodes.Status400BadRequest ? McpErrorCode.ParseError : McpErrorCode.InvalidRequest;
            await FailAsync(http, problem.Status, code, problem.Detail);
            return false;
        }

        if (body.ValueKind == JsonValueKind.Array)
        {
            await FailAsync(
                http, StatusCodes.Status400BadRequest, McpErrorCode.InvalidRequest,
                "Send one JSON-RPC 2.0 message at a time; MCP has no batches since revision 2025-06-18.");
            return false;
        }

        if (Message(body) is null)
        {
            await FailAsync(
                http, StatusCodes.Status400BadRequest, McpErrorCode.InvalidRequest,
                "This is not a JSON-RPC 2.0 message: 'method' must be a string, 'params' an object, 'id' a string or a number.");
            return false;
        }

        if (body.TryGetProperty("method", out var method) && method.ValueEquals(RequestMethods.Initialize))
        {
            // The SDK's transport reads a handshake before its filters see it.
            var handshake = JsonObject.Create(body)!;
            McpRequests.Mend(RequestMethods.Initialize, handshake["params"]);
            body = JsonSerializer.SerializeToElement(handshake, ServerJson.Info<JsonObject>());
        }

        http.Request.Body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(body, ServerJson.Info<JsonElement>()));
        return true;
    }

    /// <summary>Read as the SDK's transport will read it, which has no answer to a member of the wrong type. Null: it is not a message.</summary>
    private static JsonRpcMessage? Message(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return null;
        if (body.TryGetProperty("params", out var given) && given.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)) return null;
        try
        {
            return body.Deserialize(Info<JsonRpcMessage>());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Task FailAsync(HttpContext http, int status, McpErrorCode code, string sentence)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(Error(code, sentence, default), Info<JsonRpcError>(), "application/json", http.RequestAborted);
    }

    private static JsonRpcError Error(McpErrorCode code, string sentence, RequestId id) =>
        new() { Id = id, Error = new JsonRpcErrorDetail { Code = (int)code, Message = sentence } };

    private static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T));
}
