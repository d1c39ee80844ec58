using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;

namespace IncidentActors.Cli.Guards;

/// <summary>The servers behind the gateway, as clients write them: <c>{"mcpServers": {"name": {"command": …, "args": […]} or {"url": …}}}</c>.</summary>
internal static class GatewayServers
{
    /// <exception cref="FormatException">Says what is wrong with the file.</exception>
    public static IReadOnlyList<(string Name, IClientTransport Transport)> Read(string file)
    {
        JsonNode? read;
        try
        {
            read = JsonNode.Parse(File.ReadAllText(file), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException error)
        {
            throw new FormatException($"{file}: {error.Message}", error);
        }

        if (read?["mcpServers"] is not JsonObject { Count: > 0 } servers) throw new FormatException($"{file}: there is no server under mcpServers.");
        return [.. servers.Select(one => (one.Key, Transport(one.Key, one.Value as JsonObject ?? [], file)))];
    }

    private static IClientTransport Transport(string name, JsonObject server, string file)
    {
        if ((string?)server["command"] is { } command)
        {
            return new StdioClientTransport(new StdioClientTransportOptions
            {
                Name = name,
                Command = command,
                Arguments = [.. (server["args"] as JsonArray ?? []).Select(one => (string)one!)],
                EnvironmentVariables = (server["env"] as JsonObject ?? []).ToDictionary(one => one.Key, one => (string?)one.Value),
                WorkingDirectory = (string?)server["cwd"],
            });
        }

        return Uri.TryCreate((string?)server["url"], UriKind.Absolute, out var url)
            ? new HttpClientTransport(new HttpClientTransportOptions
            {
                Name = name,
                Endpoint = url,
                AdditionalHeaders = (server["headers"] as JsonObject ?? []).ToDictionary(one => one.Key, one => (string?)one.Value ?? ""),
            })
            : throw new FormatException($"{file}: {name} has neither a command nor a url.");
    }
}
