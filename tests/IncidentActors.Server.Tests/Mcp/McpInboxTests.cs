using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary>An inbox is never said to be empty while a message waits.</summary>
public sealed class McpInboxTests
{
    public static TheoryData<string, string> All => McpClients.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_client_that_comes_again_finds_its_messages_at_once(string transport, string revision)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await SendAsync(server);
        for (var life = 0; life < 2; life++)
        {
            await using var client = await McpClients.ConnectAsync(transport, revision, server.Address, "@dev");
            var inbox = await client.CallAsync("inbox", new { });
            Assert.Contains("\"wake up\"", inbox.Text(), StringComparison.Ordinal);
        }
    }

    /// <summary>Two programs of one handle share the inbox by naming their sessions; the first one's end gives its messages to the second.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task What_a_named_session_holds_is_named_to_others_and_is_theirs_when_it_ends(string transport, string revision)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await SendAsync(server);
        await using var other = await McpClients.ConnectAsync("http", "2025-11-25", server.Address, "@dev");
        await using (var first = await McpClients.ConnectAsync(transport, revision, server.Address, "@dev", "w1"))
        {
            using var end = new CancellationTokenSource();
            var presence = transport == "http" && revision == "2026-07-28" ? ListenAsync(first, end.Token) : Task.CompletedTask;
            Assert.Contains("\"wake up\"", (await first.CallAsync("inbox", new { })).Text(), StringComparison.Ordinal);
            var text = (await other.CallAsync("inbox", new { session = "w2" })).Text();
            Assert.DoesNotContain("Nothing waits for you", text, StringComparison.Ordinal);
            Assert.Contains("held by session w1 until", text, StringComparison.Ordinal);
            await end.CancelAsync();
            await presence;
        }

        await Eventually.TrueAsync(
            async () => (await other.CallAsync("inbox", new { session = "w2" })).StructuredContent!.Value.List("messages").Length == 1, "the message's return");
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task A_wait_that_is_cancelled_takes_nothing(string revision)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var client = await McpClients.ConnectAsync("http", revision, server.Address, "@dev", "w1");
        using var stop = new CancellationTokenSource();
        var waiting = client.CallAsync("inbox", new { wait = 25 }, stop.Token);
        await client.CallAsync("atp_list", new { });
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await client.CallAsync("atp_list", new { });
        await SendAsync(server);
        var other = await server.PostAsync("/api/tools/inbox", "@dev", new { wait = 20 }, session: "w2");
        Assert.Single(other.IsOk().Json.List("messages"));
    }

    private static async Task ListenAsync(McpClient client, CancellationToken cancel)
    {
        try
        {
            await client.SendRequestAsync(
                new JsonRpcRequest { Method = "subscriptions/listen", Params = new JsonObject { ["notifications"] = new JsonObject() } }, cancel);
        }
        catch (OperationCanceledException)
        {
            // Its client ended it.
        }
    }

    internal static async Task SendAsync(ServerUnderTest server, string subject = "wake up")
    {
        (await server.PostAsync("/api/tools/inbox", "@dev", new { })).IsOk();
        var atp = (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = "One" })).IsOk().Json.Text("id");
        (await server.PostAsync(
            "/api/tools/message_send", "@pm",
            new { atpId = atp, toAgent = "@dev", messageType = "Directive", subject, body = "b", requiresAck = true })).IsOk();
    }
}
