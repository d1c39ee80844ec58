using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Terminals;

namespace IncidentActors.Cli.Mcp;

/// <summary>
/// Messages between a client on standard input and output and a server. A server that restarts is not the client's concern: the bridge
/// shakes hands again and sends what was not answered once more. Every tool call has an idempotency key, so that nothing is done twice.
/// </summary>
internal sealed class StdioBridge(McpServerSide server, Terminal terminal, Action<string> tells)
{
    private const string KeyMeta = "incidentactors/idempotency-key";
    private const int MostAttempts = 8;
    private const int ServerError = -32000;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SemaphoreSlim shaking = new(1, 1);
    private readonly CancellationTokenSource listening = new();
    private JsonObject? initialize;
    private string? version;
    private string? session;

    /// <summary>Until standard input ends.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var pending = new List<Task>();
        while (await terminal.In.ReadLineAsync(cancel) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (Parsed(line) is not { } message)
            {
                await WriteAsync(Error(null, -32700, "The line is not a JSON-RPC message.").ToJsonString());
                continue;
            }

            pending.RemoveAll(task => task.IsCompleted);
            if (Method(message) == "initialize")
                await ForwardAsync(message, cancel);
            else
                pending.Add(ForwardAsync(message, cancel));
        }

        await Task.WhenAll(pending);
        await listening.CancelAsync();
        if (session is { } open) await server.EndAsync(open, version);
    }

    private async Task ForwardAsync(JsonObject message, CancellationToken cancel)
    {
        var opening = Method(message) == "initialize";
        if (opening) (initialize, session, version) = (message, null, null);
        if (Method(message) == "tools/call") Key(message);
        for (var attempt = 1; ; attempt++)
        {
            var through = opening ? null : session;
            var reply = await server.PostAsync(message, through, opening ? null : version, one => Asks(one) ? WriteAsync(one) : Task.CompletedTask, cancel);
            var answered = reply.Status is { } status && (int)status < 500 && status != HttpStatusCode.NotFound
                && (message["id"] is null || Method(message) is null || reply.Messages.Any(one => Answers(one, message)));
            if (answered)
            {
                if (opening) Opened(reply);
                foreach (var one in reply.Messages.Where(one => !Asks(one))) await WriteAsync(one);
                return;
            }

            // Sent again it would be refused again, unless only the session or the server is gone for now.
            var refused = reply.Status is { } refusal && (int)refusal is >= 400 and < 500
                && refusal is not (HttpStatusCode.NotFound or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout);
            if (attempt == MostAttempts || refused || (opening && reply.Status == HttpStatusCode.NotFound))
            {
                if (message["id"] is { } id && Method(message) is not null)
                    await WriteAsync(Error(id, ServerError, reply.Trouble ?? Said(reply)).ToJsonString());
                return;
            }

            if (reply.Status == HttpStatusCode.NotFound && !opening)
            {
                await ShakeAgainAsync(through, cancel);
                continue;
            }

            if (attempt == 1) tells($"{reply.Trouble ?? "The server is not ready."} Trying again.");
            var wait = TimeSpan.FromMilliseconds(100 * Math.Pow(2, attempt));
            await terminal.Pause(wait < LongestPause ? wait : LongestPause, cancel);
        }
    }

    /// <summary>The server has forgotten the session: opens another, which the client does not see.</summary>
    private async Task ShakeAgainAsync(string? lost, CancellationToken cancel)
    {
        await shaking.WaitAsync(cancel);
        try
        {
            if (session != lost || initialize is null) return;
            var reply = await server.PostAsync(initialize, null, null, Unheard, cancel);
            if (reply.Status != HttpStatusCode.OK) return;
            Opened(reply);
            await server.PostAsync(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" }, session, version, Unheard, cancel);
        }
        finally
        {
            shaking.Release();
        }
    }

    private void Opened(McpReply reply)
    {
        session = reply.Session;
        version = reply.Messages.Select(Parsed).Select(one => one?["result"]?["protocolVersion"]?.GetValue<string>()).FirstOrDefault(one => one is not null);
        if (session is { } open) _ = ListenAsync(open);
    }

    private async Task ListenAsync(string open)
    {
        try
        {
            await server.ListenAsync(open, version, WriteAsync, listening.Token);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            // The next message finds out whether the session is still there.
        }
    }

    private async Task WriteAsync(string message)
    {
        await writing.WaitAsync();
        try
        {
            await terminal.Out.WriteAsync(message + "\n");
            await terminal.Out.FlushAsync();
        }
        finally
        {
            writing.Release();
        }
    }

    private static void Key(JsonObject message)
    {
        if (message["params"] is not JsonObject parameters || parameters["arguments"]?["idempotencyKey"] is not null) return;
        if (parameters["_meta"] is not JsonObject) parameters["_meta"] = new JsonObject();
        parameters["_meta"]!.AsObject().TryAdd(KeyMeta, $"mcp-{Guid.NewGuid():N}");
    }

    /// <summary>The server's own sentence: of an error of the protocol, or of a problem.</summary>
    private static string Said(McpReply reply)
    {
        var said = reply.Messages is [.., var last] && Parsed(last) is { } body ? (body["error"]?["message"] ?? body["detail"]) as JsonValue : null;
        return said is not null && said.TryGetValue<string>(out var sentence) ? sentence : $"The server answered {(int?)reply.Status}.";
    }

    private static Task Unheard(string message) => Task.CompletedTask;

    /// <summary>The server's own question or news: the client must see it before the answer, which may depend on it.</summary>
    private static bool Asks(string reply) => Parsed(reply)?["method"] is not null;

    private static bool Answers(string reply, JsonObject message) =>
        Parsed(reply) is { } parsed && parsed["method"] is null && JsonNode.DeepEquals(parsed["id"], message["id"]);

    private static JsonObject Error(JsonNode? id, int code, string sentence) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = id?.DeepClone(),
        ["error"] = new JsonObject { ["code"] = code, ["message"] = sentence },
    };

    private static string? Method(JsonObject message) => message["method"] is JsonValue value && value.TryGetValue<string>(out var method) ? method : null;

    private static JsonObject? Parsed(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
