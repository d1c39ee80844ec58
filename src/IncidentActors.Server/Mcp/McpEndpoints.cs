using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tokens;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Mcp;

/// <summary>MCP over streamable HTTP: POST speaks, GET listens, DELETE ends the session.</summary>
internal static class McpEndpoints
{
    private const string Path = "/mcp";
    private const string SessionHeader = "Mcp-Session-Id";
    private const string VersionHeader = "MCP-Protocol-Version";
    private const string Initialize = RequestMethods.Initialize;
    private const string WithBatches = "2025-03-26";
    private const int MostAtOnce = 100;

    /// <summary>Not the JSON-RPC specification's: what other servers of the protocol say.</summary>
    private const McpErrorCode SessionNotFound = (McpErrorCode)(-32001);

    /// <summary>The revisions with sessions; a client that knows a newer one falls back to one of these.</summary>
    private static readonly string[] Versions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    public static void MapMcp(this WebApplication app)
    {
        app.Lifetime.ApplicationStopping.Register(() => app.Services.GetRequiredService<McpSessions>().EndAllAsync().GetAwaiter().GetResult());
        app
            .MapPost(Path, PostAsync)
            .WithTags("MCP")
            .WithSummary("Model Context Protocol, streamable HTTP. ?tools=all shows every tool instead of the responder's.");
        app.MapGet(Path, GetAsync).WithTags("MCP").WithSummary("What the server says by itself, as server-sent events.");
        app.MapDelete(Path, DeleteAsync).WithTags("MCP").WithSummary("Ends the session.");
    }

    private static async Task PostAsync(HttpContext http, McpSessions sessions, string? tools)
    {
        if (!await FromHereAsync(http)) return;
        if (!Accepts(http, "application/json") || !Accepts(http, "text/event-stream"))
        {
            await FailAsync(http, StatusCodes.Status406NotAcceptable, McpErrorCode.InvalidRequest, "Accept both application/json and text/event-stream.");
            return;
        }

        var (body, problem) = await Body.ReadAsync(http.Request, Body.DefaultLimit, http.RequestAborted, lists: true);
        if (problem is not null)
        {
            var code = problem.Status == StatusCodes.Status400BadRequest ? McpErrorCode.ParseError : McpErrorCode.InvalidRequest;
            await FailAsync(http, problem.Status, code, problem.Detail);
            return;
        }

        if (body.ValueKind == JsonValueKind.Array)
        {
            await BatchAsync(http, sessions, body);
            return;
        }

        if (Message(body) is not { } message)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, McpErrorCode.InvalidRequest, "The body is not one JSON-RPC 2.0 message.");
            return;
        }

        var id = IdOf(message);
        if (!await VersionKnownAsync(http, id)) return;
        if (McpParameters.Problem(message) is { } wrong)
        {
            await FailAsync(http, StatusCodes.Status200OK, McpErrorCode.InvalidParams, wrong, id);
            return;
        }

        OfferNewest(message);
        if (await SessionAsync(http, sessions, message, tools, id) is not { } session) return;
        http.Response.Headers[SessionHeader] = session.Id;
        Traced(message, http.Request.Headers.TraceParent.ToString());
        Begin(http);
        if (await session.PostAsync(message, http.Response.Body, http.RequestAborted)) return;
        http.Response.Headers.ContentType = default;
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    /// <summary>Several messages at once, which the revision 2025-03-26 has and later ones have not; answered on one stream, in their order.</summary>
    private static async Task BatchAsync(HttpContext http, McpSessions sessions, JsonElement body)
    {
        var messages = body.EnumerateArray().Select(Message).ToList();
        if (http.Request.Headers[VersionHeader].ToString() is not ("" or WithBatches)
            || messages.Count is 0 or > MostAtOnce
            || messages.Exists(one => one is null or JsonRpcRequest { Method: Initialize }))
        {
            await FailAsync(
                http,
                StatusCodes.Status400BadRequest,
                McpErrorCode.InvalidRequest,
                $"Send one JSON-RPC 2.0 message at a time; with {VersionHeader} {WithBatches} 1 to {MostAtOnce}, '{Initialize}' alone.");
            return;
        }

        if (await KnownAsync(http, sessions, default) is not { } session) return;
        http.Response.Headers[SessionHeader] = session.Id;
        Begin(http);
        var answered = false;
        foreach (var message in messages)
        {
            Traced(message!, http.Request.Headers.TraceParent.ToString());
            if (McpParameters.Problem(message!) is { } wrong)
            {
                var error = JsonSerializer.Serialize(Error(IdOf(message!), McpErrorCode.InvalidParams, wrong), Info<JsonRpcError>());
                await http.Response.WriteAsync($"event: message\ndata: {error}\n\n", http.RequestAborted);
                answered = true;
            }
            else
            {
                answered |= await session.PostAsync(message!, http.Response.Body, http.RequestAborted);
            }
        }

        if (answered) return;
        http.Response.Headers.ContentType = default;
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private static RequestId IdOf(JsonRpcMessage message) => message is JsonRpcRequest request ? request.Id : default;

    private static async Task GetAsync(HttpContext http, McpSessions sessions)
    {
        if (!await FromHereAsync(http)) return;
        if (!Accepts(http, "text/event-stream"))
        {
            await FailAsync(http, StatusCodes.Status406NotAcceptable, McpErrorCode.InvalidRequest, "Accept text/event-stream.");
            return;
        }

        if (!await VersionKnownAsync(http, default) || await KnownAsync(http, sessions, default) is not { } session) return;
        Begin(http);
        await http.Response.StartAsync(http.RequestAborted);
        await session.StreamAsync(http.Response.Body, http.Request.Headers["Last-Event-ID"], http.RequestAborted);
    }

    private static async Task DeleteAsync(HttpContext http, McpSessions sessions)
    {
        if (!await FromHereAsync(http) || await KnownAsync(http, sessions, default) is not { } session) return;
        await sessions.EndAsync(session.Id);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>The session that the message belongs to; an <c>initialize</c> opens one. Null: the answer is written.</summary>
    private static async Task<McpSession?> SessionAsync(HttpContext http, McpSessions sessions, JsonRpcMessage message, string? tools, RequestId id)
    {
        if (http.Request.Headers.ContainsKey(SessionHeader)) return await KnownAsync(http, sessions, id);
        if (message is not JsonRpcRequest { Method: Initialize })
        {
            await FailAsync(
                http,
                StatusCodes.Status400BadRequest,
                McpErrorCode.InvalidRequest,
                $"Shake hands first: '{Initialize}' opens a session, whose id then goes into the header {SessionHeader}.",
                id);
            return null;
        }

        if (ToolSet.Of(tools ?? ToolSet.Responder) is null)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, McpErrorCode.InvalidRequest, $"'tools' is one of {string.Join(", ", ToolSet.Names)}.", id);
            return null;
        }

        var (call, refusal) = CallReader.Read(http.Request);
        if (refusal is not null)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, McpErrorCode.InvalidRequest, refusal.Sentence, id);
            return null;
        }

        if (await sessions.OpenAsync(call, TokenGate.Shown(http), tools ?? ToolSet.Responder) is { } opened) return opened;
        http.Response.Headers.RetryAfter = "60";
        await FailAsync(http, StatusCodes.Status503ServiceUnavailable, McpErrorCode.InternalError, "Too many sessions are open.", id);
        return null;
    }

    private static async Task<McpSession?> KnownAsync(HttpContext http, McpSessions sessions, RequestId id)
    {
        if (!http.Request.Headers.ContainsKey(SessionHeader))
        {
            await FailAsync(
                http,
                StatusCodes.Status400BadRequest,
                McpErrorCode.InvalidRequest,
                $"Name your session in the header {SessionHeader}; '{Initialize}' opens one.",
                id);
            return null;
        }

        if (sessions.Find(http.Request.Headers[SessionHeader].ToString()) is not { } session)
        {
            await FailAsync(http, StatusCodes.Status404NotFound, SessionNotFound, "There is no such session any more: shake hands again.", id);
            return null;
        }

        var (call, refusal) = CallReader.Read(http.Request);
        if (refusal is null && session.Caller.Is(call, TokenGate.Shown(http))) return session;
        await FailAsync(http, StatusCodes.Status403Forbidden, McpErrorCode.InvalidRequest, "The session belongs to another caller.", id);
        return null;
    }

    /// <summary>A web page of elsewhere must not speak through somebody's browser (the protocol's "DNS rebinding"); programs name no origin.</summary>
    private static async Task<bool> FromHereAsync(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0) return true;
        var parsed = Uri.TryCreate(origin, UriKind.Absolute, out var from);
        if (parsed && (LoopbackOnly.IsLoopback(from!.Host) || from.Authority == http.Request.Host.Value)) return true;
        await FailAsync(http, StatusCodes.Status403Forbidden, McpErrorCode.InvalidRequest, "Pages of elsewhere may not use this server.");
        return false;
    }

    private static async Task<bool> VersionKnownAsync(HttpContext http, RequestId id)
    {
        var version = http.Request.Headers[VersionHeader].ToString();
        if (version.Length == 0 || Versions.Contains(version)) return true;
        await FailAsync(
            http,
            StatusCodes.Status400BadRequest,
            McpErrorCode.UnsupportedProtocolVersion,
            $"{VersionHeader} is one of {string.Join(", ", Versions)}.",
            id);
        return false;
    }

    /// <summary>Asked for a revision that is not spoken here, the handshake answers with the newest that is.</summary>
    private static void OfferNewest(JsonRpcMessage message)
    {
        const string Revision = "protocolVersion";
        if (message is not JsonRpcRequest { Method: Initialize, Params: JsonObject asked }) return;
        if (!Versions.Contains(asked[Revision]?.GetValue<string>())) asked[Revision] = Versions[^1];
    }

    /// <summary>The protocol runs beside the request: what the request's header says of the trace goes with the message, unless that says it itself.</summary>
    private static void Traced(JsonRpcMessage message, string trace)
    {
        if (message is not JsonRpcRequest { Params: JsonObject arguments } || !CallReader.IsTrace(trace)) return;
        if (arguments["_meta"] is not JsonObject meta)
        {
            if (arguments["_meta"] is not null) return;
            arguments["_meta"] = meta = [];
        }

        meta.TryAdd(McpTools.TraceMeta, trace);
    }

    private static JsonRpcMessage? Message(JsonElement body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, Info<JsonRpcMessage>());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    private static void Begin(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    private static bool Accepts(HttpContext http, string type)
    {
        var accept = http.Request.Headers.Accept.ToString();
        return accept.Contains(type, StringComparison.OrdinalIgnoreCase) || accept.Contains("*/*", StringComparison.Ordinal);
    }

    private static Task FailAsync(HttpContext http, int status, McpErrorCode code, string sentence, RequestId id = default)
    {
        http.Response.StatusCode = status;
        var error = Error(id, code, sentence);
        if (code == McpErrorCode.UnsupportedProtocolVersion) error.Error.Data = Supported(http);
        return http.Response.WriteAsJsonAsync(error, Info<JsonRpcError>(), "application/json", http.RequestAborted);
    }

    private static JsonRpcError Error(RequestId id, McpErrorCode code, string sentence) =>
        new() { Id = id, Error = new JsonRpcErrorDetail { Code = (int)code, Message = sentence } };

    private static JsonObject Supported(HttpContext http) => new()
    {
        ["supported"] = new JsonArray([.. Versions.Select(version => (JsonNode)version)]),
        ["requested"] = http.Request.Headers[VersionHeader].ToString(),
    };

    private static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T));
}
