using System.CommandLine;
using IncidentActors.Cli.Lines;

namespace IncidentActors.Cli.Mcp;

/// <summary>
/// <c>incident mcp</c>: MCP on standard input and output. It forwards calls to a server's <c>/mcp</c> and defines no tools:
/// the agents of one incident must share one journal, which belongs to the server, and so there is one catalogue for every transport.
/// </summary>
internal static class McpVerb
{
    public static Command Make(Verbs verbs)
    {
        var tools = Given.Text("--tools", "responder (default: what working on an incident needs) or all", "responder", "all").OneOf("responder", "all");
        return verbs.Make("mcp", "Model Context Protocol on standard input and output, for clients that start a program", [tools], async (line, cancel) =>
        {
            void Tell(string sentence) => line.Terminal.Errors.Profile.Out.Writer.WriteLine(sentence);
            await using var server = new McpUpstream(line.Server.Address, line.Terminal, line.Value(tools) ?? "responder", Tell);
            await new StdioBridge(server).RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput(), cancel);
            return ExitCodes.Ok;
        });
    }
}
