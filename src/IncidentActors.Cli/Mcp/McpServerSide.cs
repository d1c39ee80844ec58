using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;

namespace IncidentActors.Cli.Mcp;

/// <summary>What a server answered to one message.</summary>
/// <param name="Status">Null: it could not be reached, or the answer broke off.</param>
/// <param name="Session">The session that the answer opened or went to, or null.</param>
internal sealed record McpReply(HttpStatusCode? Status, IReadOnlyList<string> Messages, string? Session, string? Trouble = null);

/// <summary>The server's side of the bridge: streamable HTTP.</summary>
internal sealed class McpServerSide : IDisposable
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string VersionHeader = "MCP-Protocol-Version";

    private readonly ServerAddress address;
    private readonly HttpClient http;
    private readonly string path;

    public McpServerSide(ServerAddress address, HttpMessageHandler handler, string tools)
    {
        this.address = address;
        http = new HttpClient(handler) { BaseAddress = address.Server, Timeout = Timeout.InfiniteTimeSpan };
        path = "/mcp" + Paths.Query(("tools", tools));
    }

    /// <param name="hears">Told at once of every message of the answer: the server may ask something before it answers.</param>
    public async Task<McpReply> PostAsync(JsonObject message, string? session, string? version, Func<string, Task> hears, CancellationToken cancel)
    {
        try
        {
            using var request = Request(HttpMethod.Post, session, version);
            request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
            request.Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            var opened = response.Headers.TryGetValues(SessionHeader, out var ids) ? ids.First() : session;
            var messages = new List<string>();
            if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            {
                await foreach (var one in ReadAsync(response, cancel))
                {
                    await hears(one);
                    messages.Add(one);
                }
            }
            else if (await response.Content.ReadAsStringAsync(cancel) is { Length: > 0 } body)
                messages.Add(body.ReplaceLineEndings(" "));
            return new McpReply(response.StatusCode, messages, opened);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new McpReply(null, [], session, $"{address} cannot be reached: {(error.InnerException ?? error).Message.TrimEnd('.')}.");
        }
    }

    /// <summary>What the server says by itself, until the connection ends.</summary>
    public async Task ListenAsync(string session, string? version, Func<string, Task> hears, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Get, session, version);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode) return;
        await foreach (var one in ReadAsync(response, cancel)) await hears(one);
    }

    public async Task EndAsync(string session, string? version)
    {
        try
        {
            using var request = Request(HttpMethod.Delete, session, version);
            using var answer = await http.SendAsync(request);
        }
        catch (HttpRequestException)
        {
            // The session ends by itself.
        }
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string? session, string? version)
    {
        var request = new HttpRequestMessage(method, path);
        address.Sign(request);
        if (session is not null) request.Headers.TryAddWithoutValidation(SessionHeader, session);
        if (version is not null) request.Headers.TryAddWithoutValidation(VersionHeader, version);
        return request;
    }

    /// <summary>Each event is one message on one line.</summary>
    private static async IAsyncEnumerable<string> ReadAsync(
        HttpResponseMessage response, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Length > 6) yield return line[6..];
        }
    }
}
