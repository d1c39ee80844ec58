using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Http;

/// <summary>The idempotency key of a source of alerts, or of an import, stands for what was sent, whatever the clock says by then.</summary>
public sealed class RepeatedSourceTests : IAsyncLifetime
{
    private const string Enqueue = "/v2/enqueue";
    private const string Alertmanager = "/webhooks/alertmanager";

    private readonly FakeTimeProvider time = TestClock.Start();
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync(options => options with { Time = time });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Of_PagerDutys_events_a_repeated_key_gives_the_first_answer()
    {
        foreach (var action in new[] { "trigger", "acknowledge", "resolve" })
            await RepeatedAsync(Enqueue, null, Event(action, "db-1"), HttpStatusCode.Accepted, key: action);
        (await server.PostAsync(Enqueue, null, Event("trigger", "db-2"), key: "trigger")).Refused(422, "idempotency.key.reused");

        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items()).Text("id");
        (await server.PostAsync($"/api/incidents/{incident}/cancel", "@pm", new { reason = "a test" })).IsOk();
        Assert.True((await server.PostAsync(Enqueue, null, Event("resolve", "db-1"), key: "resolve")).Is(HttpStatusCode.Accepted).Replayed);
    }

    [Fact]
    public async Task A_trigger_without_a_dedup_key_gets_the_same_one_again()
    {
        await RepeatedAsync(Enqueue, null, Event("trigger", null), HttpStatusCode.Accepted, key: "a");
        await RepeatedAsync(Enqueue, null, Event("trigger", null), HttpStatusCode.Accepted, key: "b");
        Assert.Equal(2, (await server.GetAsync("/api/incidents")).Items().Length);
    }

    [Fact]
    public async Task Of_Alertmanagers_webhooks_too_also_where_all_is_resolved()
    {
        var firing = JsonSerializer.SerializeToNode(AlertBodies.Alertmanager(new { severity = "high" }, "Disk full"))!;
        var resolved = firing.DeepClone();
        resolved["alerts"]![0]!["status"] = "resolved";
        resolved["alerts"]![0]!["endsAt"] = "2026-01-26T14:43:00Z";
        await RepeatedAsync(Alertmanager, null, firing, HttpStatusCode.OK, key: "firing");
        await RepeatedAsync(Alertmanager, null, resolved, HttpStatusCode.OK, key: "resolved");
        (await server.PostAsync(Alertmanager, null, firing, key: "resolved")).Refused(422, "idempotency.key.reused");
    }

    [Fact]
    public async Task An_import_of_a_file_without_a_date_is_the_same_the_day_after()
    {
        const string Path = "/api/knowledge";
        const string Agent = "@documentation";
        await RepeatedAsync(Path, Agent, new { name = "pool.md", text = "---\ntitle: Pool\n---\n\nLeak.\n" }, HttpStatusCode.OK, key: "a");
        var dated = new { name = "pool.md", text = "---\ntitle: Pool\ndate: 2026-11-21\n---\n\nLeak.\n" };
        (await server.PostAsync(Path, Agent, dated, key: "a")).Refused(422, "idempotency.key.reused");
    }

    /// <summary>Sends it, and again when the time has come that another day has begun.</summary>
    private async Task RepeatedAsync(string path, string? agent, object body, HttpStatusCode status, string key)
    {
        var first = (await server.PostAsync(path, agent, body, key)).Is(status);
        Assert.False(first.Replayed);
        time.Advance(TimeSpan.FromDays(1));
        var again = (await server.PostAsync(path, agent, body, key)).Is(status);
        Assert.Equal((true, first.Body), (again.Replayed, again.Body));
    }

    private static JsonObject Event(string action, string? dedup)
    {
        var sent = new JsonObject { ["routing_key"] = "key", ["event_action"] = action };
        if (dedup is not null) sent["dedup_key"] = dedup;
        if (action == "trigger") sent["payload"] = new JsonObject { ["summary"] = "Database is full", ["source"] = "db", ["severity"] = "error" };
        return sent;
    }
}
