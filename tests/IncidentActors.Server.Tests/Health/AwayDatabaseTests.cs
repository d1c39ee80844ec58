using System.Net;
using System.Text;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Mcp;
using IncidentActors.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Tests.Health;

/// <summary>PostgreSQL cannot be reached for a while, under a server that goes on.</summary>
public sealed class AwayDatabaseTests : IAsyncLifetime
{
    private const string Inbox = "incidentactors://agents/@dev/inbox";
    private const string Alert = """{"alerts":[{"labels":{"alertname":"DiskFull","severity":"warning"},"fingerprint":"a"}]}""";
    private const string Event =
        """{"routing_key":"k","event_action":"trigger","dedup_key":"a","payload":{"summary":"Queue","source":"mq-1","severity":"warning"}}""";

    private CutProxy proxy = null!;
    private ServerProcess server = null!;

    public async Task InitializeAsync()
    {
        proxy = new CutProxy(PostgresServer.Shared.Port);
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        database = database.Replace($"Port={PostgresServer.Shared.Port}", $"Port={proxy.Port}", StringComparison.Ordinal);
        server = new ServerProcess("--journal", database, "--silo-port", $"{Ports.Free()}");
        await server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [PostgresFact]
    public async Task Senders_agents_and_operators_are_told_so_and_what_was_acknowledged_is_there_afterwards()
    {
        await OkAsync("/api/incidents", "@pm", new { title = "Before", severity = "SEV-3" });
        await using var mcp = await McpClients.ConnectAsync("http", "2025-11-25", server.Client.BaseAddress!, "@dev");
        var told = new SemaphoreSlim(0);
        await using var hears = mcp.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (_, _) =>
        {
            told.Release();
            return ValueTask.CompletedTask;
        });
        await mcp.SubscribeToResourceAsync(Inbox);
        var first = await MessageAsync();
        await told.WaitAsync().EndsAsync("the first notification");
        var wait = PostAsync("/api/tools/inbox", "@qa", new { wait = 25 });

        proxy.Away = true;
        await Eventually.TrueAsync(async () => (await GetAsync("/readyz")).Status == HttpStatusCode.ServiceUnavailable, "that it is not ready");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/healthz")).Status);

        // A sender repeats what is answered 503; an agent repeats under the same key.
        var declare = new { title = "Meanwhile", severity = "SEV-3" };
        await AwayAsync(PostAsync("/webhooks/alertmanager", null, Alert));
        await AwayAsync(PostAsync("/v2/enqueue", null, Event));
        await AwayAsync(PostAsync("/api/incidents", "@pm", declare, "meanwhile"));
        await AwayAsync(PostAsync("/api/tools/inbox", "@dev", new { }));
        await AwayAsync(wait);
        var error = await Assert.ThrowsAsync<HttpRequestException>(async () => await mcp.CallAsync("inbox", new { }));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, error.StatusCode);
        var page = await AwayAsync(GetAsync("/", "text/html"));
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);

        proxy.Away = false;
        await server.UntilReadyAsync();
        await OkAsync("/webhooks/alertmanager", null, Alert);
        await OkAsync("/v2/enqueue", null, Event);
        await OkAsync("/api/incidents", "@pm", declare, "meanwhile");
        var incidents = JsonElement.Parse((await GetAsync("/api/incidents")).Body).List("items").Select(incident => incident.Text("title"));
        Assert.Equal(["Before", "DiskFull", "Meanwhile", "Queue"], incidents.Order(StringComparer.Ordinal));
        Assert.Contains(first, (await mcp.CallAsync("inbox", new { })).Text(), StringComparison.Ordinal);
        while (told.Wait(0))
        {
            // What was told before counts no more.
        }

        var second = await MessageAsync();
        await told.WaitAsync().EndsAsync("the second notification");
        Assert.Contains(second, (await mcp.CallAsync("inbox", new { })).Text(), StringComparison.Ordinal);
    }

    private async Task<string> MessageAsync()
    {
        var atp = await OkAsync("/api/tools/atp_create", "@pm", new { title = "One" });
        var message = new { atpId = atp.Text("id"), toAgent = "@dev", messageType = "Directive", subject = "s", body = "b", requiresAck = true };
        return (await OkAsync("/api/tools/message_send", "@pm", message)).Text("messageId");
    }

    private static async Task<string> AwayAsync(Task<(HttpStatusCode Status, bool Again, string Body)> asked)
    {
        var (status, again, body) = await asked.EndsAsync("an answer");
        Assert.True(status == HttpStatusCode.ServiceUnavailable && again, $"{(int)status} {again} {body}");
        return body;
    }

    /// <summary>What is answered 503 is repeated, as its sender would.</summary>
    private async Task<JsonElement> OkAsync(string path, string? agent, object body, string? key = null)
    {
        key ??= $"{Guid.NewGuid():n}";
        var answer = "";
        await Eventually.TrueAsync(
            async () =>
            {
                (var status, _, answer) = await PostAsync(path, agent, body, key);
                Assert.True((int)status is (>= 200 and < 300) or 503, answer);
                return status != HttpStatusCode.ServiceUnavailable;
            },
            path);
        return JsonElement.Parse(answer);
    }

    private Task<(HttpStatusCode Status, bool Again, string Body)> PostAsync(string path, string? agent, object body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
        };
        if (agent is not null) request.Headers.Add("X-Agent", agent);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return SendAsync(request);
    }

    private Task<(HttpStatusCode Status, bool Again, string Body)> GetAsync(string path, string accept = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        return SendAsync(request);
    }

    private async Task<(HttpStatusCode Status, bool Again, string Body)> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var answer = await server.Client.SendAsync(request);
            return (answer.StatusCode, answer.Headers.RetryAfter is not null, await answer.Content.ReadAsStringAsync());
        }
    }
}
