using System.CommandLine;
using IncidentActors.Cli.Lines;

namespace IncidentActors.Cli.Mcp;

/// <summary>
/// <c>incident mcp</c>: MCP on standard input and output. It passes messages on to a server's <c>/mcp</c> and has no tools of its own:
/// the agents of one incident must share one journal, which belongs to the server, and so there is one catalogue for every transport.
/// </summary>
internal static class McpVerb
{
    public static Command Make(Verbs verbs)
    {
        var tools = Given.Text("--tools", "responder (default: what working on an incident needs) or all", "responder", "all").OneOf("responder", "all");
        return verbs.Make("mcp", "Model Context Protocol on standard input and output, for clients that start a program", [tools], async (line, cancel) =>
        {
            using var server = new McpServerSide(line.Server.Address, line.Terminal.Http(), line.Value(tools) ?? "responder");
            var bridge = new StdioBridge(server, line.Terminal, line.Terminal.Errors.Profile.Out.Writer.WriteLine);
            await bridge.RunAsync(cancel);
            return ExitCodes.Ok;
        });
    }
}
