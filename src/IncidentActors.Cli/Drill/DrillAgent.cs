using System.Globalization;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;

namespace IncidentActors.Cli.Drill;

/// <summary>One scripted agent: its handle, its connection, and a key for each of its commands.</summary>
internal sealed class DrillAgent(string handle, ServerClient server) : IDisposable
{
    private int commands;

    public string Handle => handle;

    /// <summary>A key that this agent has not used yet.</summary>
    public string NextKey() => string.Create(CultureInfo.InvariantCulture, $"drill{handle}-{++commands}");

    public Task<ServerAnswer> GetAsync(string path, CancellationToken cancel) => server.GetAsync(path, cancel);

    public Task<ServerAnswer> PostAsync(string path, JsonObject body, CancellationToken cancel) => server.PostAsync(path, body, NextKey(), cancel);

    public Task<ServerAnswer> PostAsync(string path, JsonObject body, string key, CancellationToken cancel) => server.PostAsync(path, body, key, cancel);

    public Task<ServerAnswer> ToolAsync(string tool, CancellationToken cancel, params ReadOnlySpan<(string Name, JsonNode? Value)> arguments) =>
        PostAsync($"/api/tools/{tool}", JsonParts.Body(arguments), cancel);

    public Task<ServerAnswer> InboxAsync(CancellationToken cancel) => GetAsync($"/api/agents/{handle}/inbox", cancel);

    public void Dispose() => server.Dispose();
}
