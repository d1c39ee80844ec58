using System.CommandLine;
using System.Net.Sockets;
using IncidentActors.Cli.Lines;

namespace IncidentActors.Cli.Guards;

/// <summary><c>incident mcp-gateway --config servers.json</c>, in a client's configuration instead of the servers themselves.</summary>
internal static class GatewayVerb
{
    public static Command Make(Verbs verbs)
    {
        var config = Given.Required("--config", "File with the servers behind the gateway: {\"mcpServers\": {\"name\": {\"command\": …} or {\"url\": …}}}");
        return verbs.Acting("mcp-gateway", "A proxy for other MCP servers: their tools are called only with a permit", [config], async (line, cancel) =>
        {
            var file = line.Value(config)!;
            if (!File.Exists(file)) return line.Fail(ExitCodes.NotFound, $"There is no file {file}.");
            try
            {
                await using var gateway = await McpGateway.ConnectAsync(line, GatewayServers.Read(file), cancel);
                await gateway.RunAsync(cancel);
                return ExitCodes.Ok;
            }
            catch (FormatException error)
            {
                return line.Fail(ExitCodes.Usage, error.Message);
            }
            catch (Exception error) when (error is IOException or HttpRequestException or SocketException or ModelContextProtocol.McpException)
            {
                return line.Fail(ExitCodes.Unreachable, $"A server behind the gateway cannot be reached: {error.Message}");
            }
        });
    }
}
