using System.Net;
using System.Text;
using System.Text.Json;
using IncidentActors.Engine;
using IncidentActors.Server.Hosting;
using IncidentActors.Silo;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Http;

/// <summary>A real server on a free port of loopback, with SQLite in a folder of its own, and a plain client.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly HttpClient client;

    private ServerUnderTest(RunningServer server, string data)
    {
        Server = server;
        Data = data;
        client = new HttpClient { BaseAddress = Reached(server.Address), Timeout = Eventually.LongestDeadline };
    }

    public RunningServer Server { get; }
    public string Data { get; }
    public Uri Address => client.BaseAddress!;

    /// <summary>A server that listens everywhere is called here.</summary>
    private static Uri Reached(string address) => new(address.Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal));

    /// <summary>The silo waits for its answers as long as the tests do: on a disk that stands still for some seconds nothing is answered 503.</summary>
    /// <param name="change">Changes the options, or null.</param>
    public static async Task<ServerUnderTest> StartAsync(
        Func<EngineOptions, EngineOptions>? tune = null, Func<ServerOptions, ServerOptions>? change = null)
    {
        var data = Directory.CreateTempSubdirectory("incident-server-").FullName;
        var silo = new SiloSettings { SiloPort = Ports.Free(), ResponseTimeout = Eventually.LongestDeadline };
        var options = new ServerOptions { Port = 0, Data = data, Quiet = true, Tune = tune, Silo = silo };
        return new ServerUnderTest(await RunningServer.StartAsync(change is null ? options : change(options)), data);
    }

    /// <param name="agent">Null: nobody is named.</param>
    public Task<Reply> PostAsync(string path, string? agent, object body, string? key = null, string? session = null) =>
        PostAsync(path, agent, Encoding.UTF8.GetBytes(body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web)), key, session);

    public async Task<Reply> PostAsync(string path, string? agent, byte[] body, string? key = null, string? session = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        return await SendAsync(request, agent, key, session);
    }

    public async Task<Reply> GetAsync(string path, string? agent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, agent);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request, string? agent = null, string? key = null, string? session = null)
    {
        if (agent is not null) request.Headers.TryAddWithoutValidation("X-Agent", agent);
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (session is not null) request.Headers.TryAddWithoutValidation("X-Session", session);
        using var response = await client.SendAsync(request);
        return await Reply.OfAsync(response);
    }

    /// <summary>The open stream of events; the caller disposes it.</summary>
    public async Task<EventReader> EventsAsync(string? after = null, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events" + (after is null ? "" : $"?after={after}"));
        if (last is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new EventReader(response);
    }

    /// <summary>Turns can be committed; a disk that stands still for a while keeps the server from saying so.</summary>
    public Task ReadyAsync() => Eventually.TrueAsync(async () => (await GetAsync("/readyz")).Status == HttpStatusCode.OK, "readiness");

    /// <summary>Where the feed ends: the same before and after what must change nothing.</summary>
    public Task<string> EndAsync() => Server.Engine.Journal.FeedEndAsync(CancellationToken.None);

    /// <summary>Declares an incident and gives its view.</summary>
    public async Task<JsonElement> DeclareAsync(string severity = "SEV-3", string title = "Search is slow", string agent = "@pm") =>
        (await PostAsync("/api/incidents", agent, new { title, severity })).Is(HttpStatusCode.Created).Json;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }
}

/// <summary>An answer, read whole.</summary>
internal sealed record Reply(HttpStatusCode Status, string? MediaType, string Body, string? Location, bool Replayed, string? RetryAfter)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public static async Task<Reply> OfAsync(HttpResponseMessage response) => new(
        response.StatusCode,
        response.Content.Headers.ContentType?.MediaType,
        await response.Content.ReadAsStringAsync(),
        response.Headers.Location?.ToString(),
        response.Headers.TryGetValues("Idempotent-Replay", out var replay) && replay.Single() == "true",
        response.Headers.TryGetValues("Retry-After", out var again) ? again.Single() : null);

    public Reply Is(HttpStatusCode status)
    {
        Assert.True(status == Status, $"{(int)Status} instead of {(int)status}: {Body}");
        return this;
    }

    public Reply IsOk() => Is(HttpStatusCode.OK);

    /// <summary>A problem with the rule.</summary>
    public JsonElement Refused(int status, string rule)
    {
        Is((HttpStatusCode)status);
        Assert.Equal("application/problem+json", MediaType);
        Assert.EndsWith("/rules/" + rule, Json.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
        return Json;
    }
}

internal static class JsonParts
{
    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static JsonElement[] List(this JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray()];

    public static JsonElement[] Items(this Reply reply) => reply.IsOk().Json.List("items");
}
