using System.Net;
using System.Text;
using System.Text.Json;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Inbox;

/// <summary>A server that stops does not stand until every idle poll has timed out: it would be killed before its actors have moved.</summary>
public sealed class StoppingPollTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("stopping-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Theory]
    [InlineData("GET", "/api/agents/@worker/inbox?wait=60s", null)]
    [InlineData("POST", "/api/tools/inbox", """{"wait":25}""")]
    public async Task Who_waits_for_an_inbox_is_answered(string method, string path, string? body)
    {
        // Its clock stands, so no poll's time is ever up.
        var options = new ServerOptions
        {
            Port = 0, Data = data, Quiet = true, Tune = own => own with { Time = TestClock.Start() },
        };
        var server = await RunningServer.StartAsync(options);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address), Timeout = Eventually.LongestDeadline };
        client.DefaultRequestHeaders.Add("X-Agent", "@worker");
        (await client.PostAsync("/api/tools/inbox", Json("{}"))).EnsureSuccessStatusCode();
        using var poll = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : Json(body) };
        var waiting = client.SendAsync(poll);
        for (var later = 0; later < 20; later++) (await client.GetAsync("/api/metrics")).EnsureSuccessStatusCode();
        Assert.False(waiting.IsCompleted);

        await server.DisposeAsync();
        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var inbox = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Empty(inbox.RootElement.List("messages"));
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
