using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>The person at the official client does not answer as one would wish: nothing is decided, and the model is told why.</summary>
public sealed class ElicitedDecisionTests
{
    public static TheoryData<string, string> All => McpClients.All;

    private static ElicitResult Deploy { get; } = new()
    {
        Action = "accept",
        Content = new Dictionary<string, JsonElement> { ["option"] = JsonSerializer.SerializeToElement("deploy") },
    };

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_client_that_cannot_ask_is_told_what_is_missing(string transport, string revision)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var approval = await McpRevisionTests.ApprovalAsync(server);
        await using var client = await McpClients.ConnectAsync(transport, revision, server.Address, "@pm");
        var result = await client.CallAsync("approval_decide", new { approvalId = approval });
        Assert.Contains("Refused by argument.missing", result.Text(), StringComparison.Ordinal);
        await StandsAsync(server, approval, "open", "");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_dialog_that_is_closed_decides_nothing(string transport, string revision)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var approval = await McpRevisionTests.ApprovalAsync(server);
        foreach (var action in new[] { "cancel", "decline" })
        {
            await using var client = await McpClients.ConnectAsync(
                transport, revision, server.Address, "@pm", person: (_, _) => ValueTask.FromResult(new ElicitResult { Action = action }));
            var result = await client.CallAsync("approval_decide", new { approvalId = approval });
            Assert.Contains("Refused by approval.undecided", result.Text(), StringComparison.Ordinal);
            Assert.Contains($"({action})", result.Text(), StringComparison.Ordinal);
        }

        await StandsAsync(server, approval, "open", "");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_answer_after_another_decision_is_refused_and_shows_that_decision(string transport, string revision)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var approval = await McpRevisionTests.ApprovalAsync(server);
        await using var client = await McpClients.ConnectAsync(transport, revision, server.Address, "@pm", person: async (_, _) =>
        {
            (await server.PostAsync(
                "/api/tools/approval_decide", "@operator", new { approvalId = approval, decision = "reject", note = "not tonight" })).IsOk();
            return Deploy;
        });
        var result = await client.CallAsync("approval_decide", new { approvalId = approval });
        Assert.True(result.IsError);
        Assert.Contains("Refused by approval.decided", result.Text(), StringComparison.Ordinal);
        Assert.Contains("rejected", result.Text(), StringComparison.Ordinal);
        await StandsAsync(server, approval, "rejected", "@operator");
    }

    private static async Task StandsAsync(ServerUnderTest server, string approval, string status, string by)
    {
        var view = (await server.GetAsync($"/api/approvals/{approval}")).IsOk().Json;
        Assert.Equal((status, by), (view.Text("status"), view.TryGetProperty("decidedBy", out var who) ? who.GetString() ?? "" : ""));
    }
}
