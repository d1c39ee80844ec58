using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Node;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>The official TypeScript client and the official inspector's command line work seed 000 word for word and call every tool.</summary>
public sealed class OfficialClientTests
{
    private static readonly string[] Rows =
    [
        "1 (alert) InProgress @pm atp_set", "2 InProgress InProgress @dev message_ack", "3 InProgress Complete @dev handoff",
        "4 Complete Deployed @sre atp_change_status", "5 Deployed Closed @pm atp_change_status", "6 (post) Queued @pm atp_create",
    ];

    [NodeTheory]
    [InlineData("http")]
    [InlineData("stdio")]
    public async Task The_client_works_the_emergency_flow_and_calls_every_tool(string transport)
    {
        var said = await RunAsync("mcp-seed.mjs", transport);
        foreach (var role in new[] { "pm", "dev", "sre" })
            Assert.Contains("message_ack", said.GetProperty("prompts").Text($"work-as-{role}"), StringComparison.Ordinal);
        Assert.Contains("PMVerificationReport", said.Text("flow"), StringComparison.Ordinal);
        Assert.Equal(said.Text("incident"), said.Text("incidentRead"));
    }

    /// <summary>Every tool, over both transports; over stdio each call starts two programs.</summary>
    [NodeTheory]
    [InlineData("http")]
    [InlineData("stdio")]
    public async Task The_inspector_does_too(string transport) => await RunAsync("mcp-inspector.mjs", transport);

    [NodeFact]
    public async Task A_hostile_client_gets_what_the_protocol_demands()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var printed = await NodePackages.RunAsync("mcp-hostile.mjs", server.Address.ToString(), AppContext.BaseDirectory.TrimEnd('/'));
        var checkedOnes = JsonDocument.Parse(printed).RootElement;
        Assert.InRange(checkedOnes.GetArrayLength(), 40, 100);
    }

    private static async Task<JsonElement> RunAsync(string script, string transport)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var output = await NodePackages.RunAsync(script, transport, server.Address.ToString(), AppContext.BaseDirectory.TrimEnd('/'));
        var said = JsonDocument.Parse(output).RootElement;
        Assert.Empty(said.List("missing"));
        Assert.Equal(Rows, said.List("history").Select(row => row.GetString()));
        Assert.Contains("message_ack", said.GetProperty("prompts").Text("work-as-dev"), StringComparison.Ordinal);
        Assert.StartsWith("# Incident Report", said.Text("report"), StringComparison.Ordinal);
        return said;
    }
}
