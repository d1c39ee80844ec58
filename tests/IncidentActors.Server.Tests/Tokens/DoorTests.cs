using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tools;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Endpoints decide by what they are, not by how their path is written.</summary>
public sealed class DoorTests : IAsyncLifetime
{
    private static readonly object Critical = new
    {
        version = "4", groupKey = "g", alerts = new[]
        {
            new
            {
                status = "firing", fingerprint = "f1", startsAt = "2026-01-01T00:00:00Z",
                labels = new { alertname = "ProductionDown", severity = "critical" }, annotations = new { summary = "Down" },
            },
        },
    };

    private GuardedServer guarded = null!;

    public async Task InitializeAsync() => guarded = await GuardedServer.StartAsync();

    public async Task DisposeAsync() => await guarded.DisposeAsync();

    [Theory]
    [InlineData("/webhooks/alertmanager")]
    [InlineData("/webhooks/alertmanager/")]
    [InlineData("/Webhooks/AlertManager/")]
    [InlineData("/webhooks/%61lertmanager")]
    [InlineData("//webhooks/alertmanager")]
    [InlineData("/webhooks//alertmanager")]
    [InlineData("/api/v2/alerts")]
    public async Task Alertmanagers_door_takes_its_own_token_and_no_other(string path)
    {
        path = Whole(path);
        var end = await guarded.Server.EndAsync();
        var looker = (await guarded.TokenAsync(new { handle = "@looker", readOnly = true })).Text("secret");
        var dev = (await guarded.TokenAsync(new { handle = "@dev" })).Text("secret");
        foreach (var secret in new[] { looker, dev, guarded.Root }) (await guarded.PostAsync(path, secret, Critical)).Refused(401, "token.unknown");
        (await guarded.PostAsync(path, null, Critical)).Refused(401, "token.missing");
        Assert.Equal(end, await guarded.Server.EndAsync());
        Assert.Empty((await guarded.GetAsync("/api/halts?state=active", guarded.Root)).Items());

        var alertmanager = (await guarded.TokenAsync(new { handle = "@alertmanager" })).Text("secret");
        (await guarded.PostAsync(path, alertmanager, Critical)).IsOk();
        Assert.NotEmpty((await guarded.GetAsync("/api/halts?state=active", guarded.Root)).Items());
    }

    /// <summary>Decoded once, as a path with single slashes is.</summary>
    [Theory]
    [InlineData("/api//incidents/%2500/report")]
    [InlineData("/api//incidents/%252e%252e/report")]
    public async Task A_path_with_doubled_slashes_is_decoded_once(string path)
    {
        var token = (await guarded.TokenAsync(new { handle = "@qa" })).Text("secret");
        var header = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
        var answer = await guarded.SendAsync(HttpMethod.Get, path, header, null);
        Assert.Equal((await guarded.SendAsync(HttpMethod.Get, path.Replace("//", "/", StringComparison.Ordinal), header, null)).Status, answer.Status);
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }

    [Theory]
    [InlineData("/v2/enqueue")]
    [InlineData("/v2/enqueue/")]
    [InlineData("//v2//enqueue")]
    public async Task PagerDutys_door_takes_the_key_in_the_body(string path)
    {
        var key = (await guarded.TokenAsync(new { handle = "@pagerduty" })).Text("secret");
        object Event(string routingKey) => new
        {
            routing_key = routingKey, event_action = "trigger", dedup_key = "d1", payload = new { summary = "Disk full", source = "db", severity = "warning" },
        };
        path = Whole(path);
        (await guarded.PostAsync(path, null, Event(key))).Is(HttpStatusCode.Accepted);
        (await guarded.PostAsync(path, null, Event(key[..^1] + (key[^1] == 'a' ? 'b' : 'a')))).Is(HttpStatusCode.BadRequest);
    }

    /// <summary>The whole address: a path alone that begins with two slashes would name a host.</summary>
    private string Whole(string path) => guarded.Server.Address.GetLeftPart(UriPartial.Authority) + path;

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/healthz/")]
    [InlineData("/readyz/")]
    public async Task A_probe_needs_no_token(string path) => (await guarded.GetAsync(path, null)).IsOk();

    [Fact]
    public async Task Two_headers_of_credentials_are_none()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/tokens");
        request.Headers.TryAddWithoutValidation("Authorization", [$"Bearer {guarded.Root}", $"Bearer {guarded.Root}"]);
        (await guarded.Server.SendAsync(request)).Refused(401, "token.missing");
    }

    [Fact]
    public async Task Answers_are_not_guessed_and_not_kept()
    {
        foreach (var path in new[] { "/api/incidents", "/api/nothing", "/healthz", "/api/tokens" })
        {
            using var client = new HttpClient { BaseAddress = guarded.Server.Address };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", guarded.Root);
            using var answer = await client.GetAsync(path);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.True(answer.Headers.CacheControl?.NoStore, path);
        }
    }

    [Fact]
    public async Task One_token_cannot_take_all_streams()
    {
        var looker = (await guarded.TokenAsync(new { handle = "@looker", readOnly = true })).Text("secret");
        using var client = new HttpClient { BaseAddress = guarded.Server.Address };
        async Task<HttpResponseMessage> OpenAsync(string secret)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events?after=now");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }

        var open = new List<HttpResponseMessage>();
        try
        {
            for (var i = 0; i < 50; i++) open.Add(await OpenAsync(looker));
            Assert.All(open, one => Assert.Equal(HttpStatusCode.OK, one.StatusCode));
            using var refused = await OpenAsync(looker);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            using var admitted = await OpenAsync(guarded.Root);
            Assert.Equal(HttpStatusCode.OK, admitted.StatusCode);
        }
        finally
        {
            open.ForEach(one => one.Dispose());
        }
    }

    /// <summary>What goes wrong behind a door is told in one line of the log, whatever the sender wrote.</summary>
    [Fact]
    public void An_id_is_one_short_line_of_the_log()
    {
        var log = new Lines();
        var arguments = JsonSerializer.SerializeToElement(new { atpId = "AT-1\r\n\u001b[31mfake line" + new string('x', 100_000) });
        var call = new ToolCall(guarded.Server.Server.Engine, ToolCall.Anonymous, arguments);
        ToolLog.LogOutcome(log, "atp_get", call, new Rejected("atp.unknown", "x"));
        var line = Assert.Single(log.All);
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain('\r', line);
        Assert.DoesNotContain('\u001b', line);
        Assert.True(line.Length < 400, $"{line.Length} characters");
    }

    private sealed class Lines : ILogger
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => All.Add(formatter(state, exception));
    }
}
