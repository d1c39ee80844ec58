using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Texts;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tokens;
using IncidentActors.Server.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tool = IncidentActors.Server.Tools.Tool;

namespace IncidentActors.Server.Mcp;

/// <summary>Calls the catalogue's tools. The HTTP request that carried a call says who calls, in every revision alike.</summary>
internal sealed class McpCalls(RunningEngine engine, IHttpContextAccessor http, McpSessions sessions)
{
    /// <summary>Where a client that sends calls again by itself puts their key.</summary>
    public const string KeyMeta = "incidentactors/idempotency-key";

    /// <summary>Where MCP clients put their W3C trace context; it goes before the header of the request.</summary>
    private const string TraceMeta = "traceparent";
    private const int MaxKeyLength = 255;

    private readonly McpElicitation elicitation = new(engine, http);

    /// <summary>The request that carries the message; null if it is over.</summary>
    public HttpContext? Request => http.HttpContext;

    /// <summary>Who calls; null if no caller is named.</summary>
    public Call? Caller => Request is { } request ? CallReader.Read(request.Request).Call : null;

    /// <summary>The tools that the client is shown.</summary>
    public ImmutableArray<ModelContextProtocol.Protocol.Tool> Shown =>
        ToolSet.Of(Request is { } request ? ToolSet.NameIn(request.Request) : ToolSet.Responder) ?? [];

    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancel)
    {
        if (request.Params is not { } asked || ToolCatalogue.Find(asked.Name) is not { } tool)
            throw new McpProtocolException(ToolCatalogue.Unknown(request.Params?.Name ?? "").Sentence, McpErrorCode.InvalidParams);
        if (Request is not { } context) throw new OperationCanceledException(cancel);

        // A client of HTTP cancels by closing its request, and a client that is killed closes it too.
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancel, context.RequestAborted);
        var given = Read(asked, tool);
        if (given.Refusal is { } malformed) return McpAnswers.Of(malformed, await HaltsAsync(Caller?.By), []);
        if (CallOf(given, asked) is not { } call)
        {
            if (!tool.Description.ReadOnly) return McpAnswers.Of(CallerMissing, [], given.Warnings);
            call = ToolCall.Anonymous;
        }

        sessions.Uses(request.Server.SessionId, call.By, call.Session);
        var (arguments, undecided) = await elicitation.CompleteAsync(request, given.Arguments, gone.Token);
        gone.Token.ThrowIfCancellationRequested();
        var outcome = undecided ?? await tool.InvokeAsync(
            new ToolCall(engine, call, arguments, TokenGate.Shown(context), gone.Token) { Mcp = request.Server.SessionId ?? "" });
        return McpAnswers.Of(outcome, await HaltsAsync(call.By), [.. given.Warnings, .. McpAnswers.WarningsIn(outcome)]);
    }

    /// <summary>The caller that the request names; with neither token nor header, the one that the arguments name.</summary>
    private Call? CallOf(Given given, CallToolRequestParams asked)
    {
        var call = Caller ?? (Named(given.Arguments) is { } handle ? new Call { At = default, Seed = "", By = handle } : null);
        if (call is null) return null;
        var trace = asked.Meta?[TraceMeta] is JsonValue meta && meta.TryGetValue<string>(out var text) && CallReader.IsTrace(text) ? text : call.Trace;
        return call with { Key = given.Key ?? call.Key, Session = given.Session ?? call.Session, Trace = trace };
    }

    private static string? Named(JsonElement arguments)
    {
        foreach (var name in new[] { "agent", "fromAgent" })
        {
            if (!arguments.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) continue;
            var handle = Handle.Normalize(value.GetString()!);
            if (Handle.IsWellFormed(handle) && !Handle.IsReserved(handle)) return handle;
        }

        return null;
    }

    private static Rejected CallerMissing { get; } = Rejected.Malformed(
        Rules.CallerMissing, "No caller is named: give the argument 'agent' with your handle, or connect with a token, the header X-Agent, or '--agent'.");

    /// <param name="Key">The idempotency key, or null.</param>
    /// <param name="Session">Name of the session that the caller works in; null if the header says it, or it has none.</param>
    private sealed record Given(JsonElement Arguments, string? Key, string? Session, ImmutableArray<string> Warnings, Rejected? Refusal);

    private static Given Read(CallToolRequestParams asked, Tool tool)
    {
        var key = asked.Meta?[KeyMeta] is JsonValue meta && meta.TryGetValue<string>(out var inMeta) ? inMeta : null;
        string? session = null;
        var others = new JsonObject();
        foreach (var (name, value) in asked.Arguments ?? ImmutableDictionary<string, JsonElement>.Empty)
        {
            var ofTheCall = name == ToolSet.SessionArgument || (name == ToolSet.KeyArgument && !tool.Description.ReadOnly);
            if (!ofTheCall)
                others[name] = JsonNode.Parse(value.GetRawText());
            else if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                return Malformed($"The argument '{name}' must be a text.");
            else if (value.GetString() is { } text && !string.IsNullOrWhiteSpace(text))
                (key, session) = name == ToolSet.KeyArgument ? (text, session) : (key, text);
        }

        foreach (var (name, text) in new[] { (ToolSet.KeyArgument, key), (ToolSet.SessionArgument, session) })
        {
            if (text is not null && (text.Length > MaxKeyLength || !text.All(c => c is > ' ' and <= '~')))
                return Malformed($"The argument '{name}' has 1 to {MaxKeyLength} visible ASCII characters.");
        }

        var all = JsonSerializer.SerializeToElement(others, ServerJson.Info<JsonObject>());
        if (tool.Description.KeepsDetails) return new Given(all, key, session, [], null);
        var (arguments, unknown, refusal) = GivenArguments.Split(all, tool);
        return new Given(
            arguments, key, session,
            [.. unknown.Keys.Select(name => $"The argument '{SafeText.OneLine(name, 60)}' was ignored: {tool.Name} has no such argument.")], refusal);

        static Given Malformed(string sentence) => new(default, null, null, [], Arguments.Malformed(sentence));
    }

    /// <summary>The halts that cover the caller's ordinary work; null: the store did not say. Without any active halt this is one look.</summary>
    private async Task<ImmutableArray<HaltNotice>?> HaltsAsync(string? handle)
    {
        try
        {
            if (string.IsNullOrEmpty(handle) || (await engine.Journal.HaltsAsync(null, CancellationToken.None)).Count == 0) return [];
            return await engine.Views.AgentAsync(handle) is { } agent ? agent.Halts : [];
        }
        catch (JournalUnavailableException)
        {
            return null;
        }
    }
}
