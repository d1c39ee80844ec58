using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Node;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>The official TypeScript client works seed 000 word for word and calls every tool, over both transports.</summary>
public sealed class OfficialClientTests
{
    [NodeTheory]
    [InlineData("http")]
    [InlineData("stdio")]
    public async Task Works_the_emergency_flow_and_calls_every_tool(string transport)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var output = await NodePackages.RunAsync("mcp-seed.mjs", transport, server.Address.ToString(), AppContext.BaseDirectory.TrimEnd('/'));
        var said = JsonDocument.Parse(output).RootElement;
        Assert.Empty(said.List("missing"));
        Assert.Equal(
            ["1 (alert) InProgress @pm atp_set", "2 InProgress InProgress @dev message_ack", "3 InProgress Complete @dev handoff", "4 Complete Deployed @sre atp_change_status", "5 Deployed Closed @pm atp_change_status", "6 (post) Queued @pm atp_create"],
            said.List("history").Select(row => row.GetString()));
        Assert.Contains("work-as-dev", said.List("prompts").Select(prompt => prompt.GetString()));
        Assert.Contains("message_ack", said.Text("prompt"), StringComparison.Ordinal);
        Assert.Contains("PMVerificationReport", said.Text("flow"), StringComparison.Ordinal);
        Assert.StartsWith("# Incident Report", said.Text("report"), StringComparison.Ordinal);
    }
}
