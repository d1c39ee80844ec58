using System.Diagnostics;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Tests.Mcp;

/// <summary><c>incident mcp</c> beside a server that restarts and a client that goes.</summary>
[Slow]
public sealed class StdioBridgeTests
{
    [Theory]
    [InlineData("input")]
    [InlineData("signal")]
    public async Task It_ends_at_once_though_a_wait_is_pending(string how)
    {
        // Its clock stands, so the time of the wait is never up.
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = TestClock.Start() });
        using var bridge = Start(server.Address);
        var hello = new { protocolVersion = "2025-11-25", capabilities = new { }, clientInfo = new { name = "tests", version = "1" } };
        await SayAsync(bridge, JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method = "initialize", @params = hello }));
        Assert.Contains("\"id\":1", await bridge.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        // What is not a message is answered too: its client waits.
        foreach (var id in new[] { "1.5", "null", "123456789012345678901234567890", "[1]" })
        {
            await SayAsync(bridge, $$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""");
            Assert.Contains("-32600", await bridge.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        }

        await SayAsync(bridge, """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"inbox","arguments":{"wait":25}}}""");
        await SayAsync(bridge, """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"atp_list","arguments":{}}}""");
        Assert.Contains("\"id\":3", await bridge.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        if (how == "input")
            bridge.StandardInput.Close();
        else
            Process.Start("kill", ["-TERM", $"{bridge.Id}"])!.WaitForExit();
        await bridge.WaitForExitAsync().EndsAsync("the end of the bridge");
    }

    [Fact]
    public async Task A_call_that_was_cancelled_while_the_server_was_away_is_not_sent_again()
    {
        await using var data = new Folder();
        await using var server = new ServerProcess("--data", data.Path);
        await server.StartAsync();
        await using var client = await McpClients.ConnectAsync("stdio", "2025-11-25", server.Client.BaseAddress!, "@pm");
        await client.ListToolsAsync();
        await server.KillAsync();
        using var stop = new CancellationTokenSource();
        var declared = client.CallAsync("incident_declare", new { title = "Never declared", severity = "SEV-3" }, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => declared);
        await server.StartAsync();
        await client.CallAsync("incident_declare", new { title = "Declared", severity = "SEV-3" });
        var incidents = JsonDocument.Parse(await server.GetStringAsync("/api/incidents")).RootElement.List("items");
        Assert.Equal(["Declared"], incidents.Select(incident => incident.Text("title")));
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2026-07-28")]
    public async Task A_subscription_survives_a_restart_of_the_server(string revision)
    {
        await using var data = new Folder();
        await using var server = new ServerProcess("--data", data.Path);
        await server.StartAsync();
        var uri = "incidentactors://agents/@dev/inbox";
        var told = new SemaphoreSlim(0);
        await using var client = await McpClients.ConnectAsync("stdio", revision, server.Client.BaseAddress!, "@dev");
        await using var hears = client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (_, _) =>
        {
            told.Release();
            return ValueTask.CompletedTask;
        });
        using var end = new CancellationTokenSource();
        if (revision == "2026-07-28")
        {
            var wanted = JsonSerializer.SerializeToNode(new { notifications = new { resourceSubscriptions = new[] { uri } } });
            _ = client.SendRequestAsync(new JsonRpcRequest { Method = "subscriptions/listen", Params = wanted }, end.Token);
        }
        else
        {
            await client.SubscribeToResourceAsync(uri);
        }

        await client.CallAsync("inbox", new { });
        await SendAsync(server, "first");
        await told.WaitAsync().EndsAsync("the notification of the first message");
        await server.KillAsync();
        await server.StartAsync();
        while (told.Wait(0))
        {
            // What was told before counts no more.
        }

        await SendAsync(server, "second");
        await told.WaitAsync().EndsAsync("the notification of the second message");
        await end.CancelAsync();
    }

    private static async Task SendAsync(ServerProcess server, string subject)
    {
        var atp = await PostAsync("atp_create", new { title = "One" });
        await PostAsync(
            "message_send",
            new { atpId = atp.Text("id"), toAgent = "@dev", messageType = "Directive", subject, body = "b", requiresAck = true });

        async Task<JsonElement> PostAsync(string tool, object body)
        {
            using var answer = await server.SendAsync(() => new HttpRequestMessage(HttpMethod.Post, $"/api/tools/{tool}")
            {
                Content = new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json"),
                Headers = { { "X-Agent", "@pm" } },
            });
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonDocument.Parse(text).RootElement;
        }
    }

    private static Process Start(Uri server) => Process.Start(new ProcessStartInfo(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "incident.dll"), "mcp", "--server", server.ToString(), "--agent", "@dev"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private static async Task SayAsync(Process bridge, string line)
    {
        await bridge.StandardInput.WriteAsync(line + "\n");
        await bridge.StandardInput.FlushAsync();
    }

    private sealed class Folder : IAsyncDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("incident-mcp-").FullName;

        public ValueTask DisposeAsync()
        {
            Directory.Delete(Path, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
