using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IncidentActors.Server.Tests.Deliveries;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Everything that a real server process wrote (log, journal, answers, deliveries) is searched for every secret that was used.</summary>
[Slow]
public sealed class SecretsTests : IAsyncLifetime
{
    /// <summary>Somebody has pasted it into a text.</summary>
    private static readonly string Pasted = "ghp_" + new string('q', 36);

    private readonly string data = Directory.CreateTempSubdirectory("secrets-").FullName;
    private readonly List<string> answers = [];
    private ServerProcess process = null!;

    public async Task InitializeAsync()
    {
        process = new ServerProcess("--data", data, "--log", "json", "--webhooks-private");
        await process.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task No_secret_is_in_anything_that_the_server_wrote()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers = _ => 500;
        var root = await SecretAsync("/api/tokens", null, new { handle = "@operator" });
        var pm = await SecretAsync("/api/tokens", root, new { handle = "@pm" });
        var alertmanager = await SecretAsync("/api/tokens", root, new { handle = "@alertmanager" });
        var routing = await SecretAsync("/api/tokens", root, new { handle = "@pagerduty" });
        var gone = await SecretAsync("/api/tokens", root, new { handle = "@dev" });
        var signing = await SecretAsync("/api/webhooks", root, new { url = receiver.Url, events = new[] { "*" } });
        var foreign = gone[..^8] + "deadbeef";

        await UseAsync(root, pm, gone, foreign);
        await AlertAsync(alertmanager, routing, root);
        await Eventually.TrueAsync(() => !receiver.All.IsEmpty, "a delivery");
        Assert.Equal(0, await process.StopAsync());

        string[] tokens = [root, pm, alertmanager, routing, gone, foreign];
        var journal = new List<string>();
        foreach (var file in Directory.GetFiles(data, "*", SearchOption.AllDirectories)) journal.Add(await File.ReadAllTextAsync(file, Encoding.Latin1));
        Assert.Contains("@alertmanager", string.Concat(journal), StringComparison.Ordinal);
        Assert.Contains("incident_declare", process.Output, StringComparison.Ordinal);
        foreach (var secret in tokens)
        {
            Assert.All(journal, text => Nowhere(secret, text));
            Assert.All(receiver.All, one => Nowhere(secret, one.Body));
        }

        foreach (var text in journal.Concat(receiver.All.Select(one => one.Body)).Concat(answers).Append(process.Output)) Nowhere(Pasted, text);
        Assert.Contains("[redacted: github-token]", string.Concat(answers), StringComparison.Ordinal);

        // The key that signs must be kept; it is told to nobody.
        foreach (var secret in tokens.Append(signing))
        {
            Nowhere(secret, process.Output);
            Assert.All(answers, answer => Nowhere(secret, answer));
        }
    }

    /// <summary>Good and bad calls, and every place that shows what was recorded.</summary>
    private async Task UseAsync(string root, string pm, string gone, string foreign)
    {
        var incident = await DeclareAsync(pm);
        var id = JsonDocument.Parse((await SendAsync("/api/tokens", root, null)).Body).RootElement
            .List("items")
            .Single(token => token.Text("handle") == "@dev")
            .Text("id");
        await SendAsync($"/api/tokens/{id}/revoke", root, new { });
        foreach (var token in new[] { gone, foreign, pm + "x", "Bearer " + pm })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync("/api/tools/atp_list", token, new { })).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync("/mcp", token, new { jsonrpc = "2.0", id = 1, method = "initialize" })).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync("/api/events", token, null)).Status);
        }

        await SendAsync("/api/tools/atp_create", pm, new { title = 7, nobodys = "x" });
        await SendAsync("/api/tokens", pm, new { handle = "@x" });
        string[] paths =
        [
            "/api/tokens", "/api/webhooks", $"/api/incidents/{incident}", $"/api/incidents/{incident}/timeline",
            $"/api/incidents/{incident}/report", "/api/metrics", "/openapi/v1.json", "/healthz", "/readyz",
        ];
        foreach (var path in paths) await SendAsync(path, root, null);
    }

    private async Task<string> DeclareAsync(string pm)
    {
        var wanted = new { title = "Search is slow", severity = "SEV-2", description = $"the deployment uses {Pasted} since today" };
        var answer = await SendAsync("/api/tools/incident_declare", pm, wanted);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        return JsonDocument.Parse(answer.Body).RootElement.Text("id");
    }

    private static readonly object Firing = new
    {
        status = "firing",
        labels = new { alertname = "Slow", severity = "P1", key = Pasted },
        annotations = new { summary = $"clone with https://bot:{Pasted}@git.example.com/shop" },
    };

    private async Task AlertAsync(string alertmanager, string routing, string root)
    {
        var alert = new { version = "4", groupKey = "g", alerts = new[] { Firing } };
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("/webhooks/alertmanager", alertmanager, alert)).Status);
        var basic = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"alertmanager:{alertmanager}")));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("/webhooks/alertmanager", basic, alert)).Status);
        await SendAsync("/webhooks/alertmanager", basic, new { version = 4 });
        await SendAsync("/webhooks/alertmanager", root, alert);
        var page = new { routing_key = routing, event_action = "trigger", payload = new { summary = "Full", source = "db", severity = "error" } };
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync("/v2/enqueue", "", page)).Status);
        await SendAsync("/v2/enqueue", "", page with { event_action = "explode" });
        await SendAsync("/v2/enqueue", "", new { routing_key = routing + "x", event_action = 7 });
    }

    private async Task<string> SecretAsync(string path, string? token, object wanted)
    {
        using var reply = await process.SendAsync(() =>
        {
            var request = Request(path, token is null ? null : new("Bearer", token), wanted);
            if (token is null) request.Headers.Add("X-Agent", "@operator");
            return request;
        });
        Assert.Equal(HttpStatusCode.Created, reply.StatusCode);
        return JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement.Text("secret");
    }

    private Task<(HttpStatusCode Status, string Body)> SendAsync(string path, string token, object? body) =>
        SendAsync(path, token.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", token), body);

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string path, AuthenticationHeaderValue? authorization, object? body)
    {
        using var reply = await process.SendAsync(() =>
        {
            var request = Request(path, authorization, body);
            request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
            return request;
        });
        var text = await reply.Content.ReadAsStringAsync();
        answers.Add($"{reply.Headers} {text}");
        return (reply.StatusCode, text);
    }

    private static HttpRequestMessage Request(string path, AuthenticationHeaderValue? authorization, object? body)
    {
        var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        request.Headers.Authorization = authorization;
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return request;
    }

    /// <summary>A part of the secret that is not its id, as it is or as somebody might have encoded it.</summary>
    private static void Nowhere(string secret, string text)
    {
        var part = secret[^20..];
        Assert.DoesNotContain(part, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"alertmanager:{secret}")).TrimEnd('=')[^20..], text, StringComparison.Ordinal);
    }
}
