using System.Net;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>A real server process that exports to a receiver, and agents that carry traces of their own.</summary>
internal sealed class TracedNode(ServerProcess process) : IAsyncDisposable
{
    public ServerProcess Process => process;

    public static async Task<TracedNode> StartAsync(OtlpReceiver receiver, params string[] arguments)
    {
        var process = new ServerProcess(["--quiet", .. arguments]);
        process.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Url;
        process.Environment["OTEL_BSP_SCHEDULE_DELAY"] = "100";
        process.Environment["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        // What is not taken in this time is thrown away; 10 s is as long as a machine may stand still.
        process.Environment["OTEL_EXPORTER_OTLP_TIMEOUT"] = "120000";
        process.Environment["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=test";
        await process.StartAsync();
        return new TracedNode(process);
    }

    /// <param name="trace">The agent's <c>traceparent</c>, or null.</param>
    public async Task<JsonElement> PostAsync(string path, string? agent, object body, string? trace = null)
    {
        using var response = await process.SendAsync(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), null, "application/json");
            if (agent is not null) request.Headers.Add("X-Agent", agent);
            if (trace is not null) request.Headers.Add("traceparent", trace);
            return request;
        });
        var reply = await Reply.OfAsync(response);
        Assert.True((int)reply.Status is >= 200 and < 300, $"{path}: {reply.Status} {reply.Body}");
        return reply.Body.Length == 0 ? default : reply.Json;
    }

    public Task<JsonElement> UseAsync(string tool, string agent, object arguments, string? trace = null) =>
        PostAsync($"/api/tools/{tool}", agent, arguments, trace);

    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await process.GetStringAsync(path)).RootElement;

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
