using System.Net;
using System.Text.Json;
using IncidentActors.Server.Probes;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Halts;

/// <summary>
/// Seed 003: each halt condition from a signal (an alert, a probe, a tool
/// call) to halted agents, directed responders and a moving escalation.
/// </summary>
public sealed class HaltConditionTests : IAsyncDisposable
{
    private readonly FakeTimeProvider time = TestClock.Start();
    private ServerUnderTest server = null!;

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("alert", "condition", "production-down", "production-down", "availability", "@owen @derek", "@marcus @jonny @operator")]
    [InlineData("tool", "condition", "production-down", "production-down", "availability", "@owen @derek", "@marcus @jonny @operator")]
    [InlineData("probe", "probe", "500", "production-down", "availability", "@owen @derek", "@marcus @jonny @operator")]
    [InlineData("alert", "category", "security", "security-breach", "security", "@victor @sam", "@marcus @jonny @luna @operator")]
    [InlineData("alert", "signal", "rls-bypass", "security-breach", "security", "@victor @sam", "@marcus @jonny @luna @operator")]
    [InlineData("pagerduty", "signal", "exposed-credential", "security-breach", "security", "@victor @sam", "@marcus @jonny @luna @operator")]
    [InlineData("tool", "signal", "unauthorized-access", "security-breach", "security", "@victor @sam", "@marcus @jonny @luna @operator")]
    [InlineData("alert", "category", "data", "data-loss", "data", "@diana @steve", "@marcus @jonny @operator")]
    [InlineData("tool", "signal", "accidental-deletion", "data-loss", "data", "@diana @steve", "@marcus @jonny @operator")]
    [InlineData("alert", "category", "financial", "financial-error", "financial", "@felix @sterling", "@marcus @jonny @operator")]
    [InlineData("tool", "signal", "betting-malfunction", "financial-error", "financial", "@felix @sterling", "@marcus @jonny @operator")]
    public async Task A_signal_halts_directs_and_escalates(
        string way, string label, string value, string condition, string category, string first, string chain)
    {
        server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        await OrdinaryWorkAsync();
        await SignalAsync(way, label, value);

        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        Assert.Equal((condition, category), (incident.List("conditions").Single().GetString(), incident.Text("category")));
        var halt = Assert.Single((await server.GetAsync("/api/halts")).Items());
        Assert.Equal(
            (condition, "all", "active", incident.Text("id")),
            (halt.Text("condition"), halt.Text("scope"), halt.Text("status"), halt.Text("incidentId")));
        var refused = (await WorkAsync()).Refused(423, "halt.covers");
        Assert.Equal(halt.Text("id"), refused.GetProperty("halt").Text("id"));
        foreach (var handle in first.Split(' '))
        {
            Assert.Contains(incident.List("responders"), responder => responder.Text("handle") == handle);
            Assert.Contains(
                await MessagesAsync(handle),
                message => message.Text("type") == "EmergencyDirective" && message.GetProperty("requiresAck").GetBoolean());
        }

        await EscalatesAsync(incident, chain.Split(' '), immediately: condition == "financial-error");
    }

    [Theory]
    [InlineData("shadow")]
    [InlineData("warn")]
    [InlineData("enforce")]
    public async Task A_condition_is_recorded_told_or_enforced(string mode)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file,
                $$"""
                conditions: [{ id: data-loss, category: data, mode: {{mode}} }]
                rules: [{ name: mine, when: { labels: { signal: [failed-migration] } }, set: { condition: data-loss } }]
                """);
            server = await ServerUnderTest.StartAsync(change: options => options with { Routes = file });
            await OrdinaryWorkAsync();
            await SignalAsync("alert", "signal", "failed-migration");

            var halt = Assert.Single((await server.GetAsync("/api/halts")).Items());
            Assert.Equal((mode == "enforce" ? "active" : mode, "data-loss"), (halt.Text("status"), halt.Text("condition")));
            var work = await WorkAsync();
            if (mode == "enforce") work.Refused(423, "halt.covers");
            else work.IsOk();
            var whole = (await server.GetAsync($"/api/halts/{halt.Text("id")}")).IsOk().Json;
            Assert.Contains(whole.List("agents"), agent => agent.Text("agent") == "@qa");
            if (halt.Text("incidentId") is { } incident)
            {
                var page = (await server.GetAsync($"/incidents/{incident}")).IsOk().Body;
                Assert.Equal(mode != "enforce", page.Contains($"halt in mode {mode}, stops nothing:", StringComparison.Ordinal));
            }

            Assert.Equal(
                mode == "warn",
                (await MessagesAsync("@operator")).Any(
                    message => message.Text("subject").Contains("would halt", StringComparison.Ordinal)));
            Assert.Equal(mode != "shadow", (await MessagesAsync("@diana")).Any(message => message.Text("type") == "EmergencyDirective"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Each step is told when the one before has had its time; an acknowledgement ends it.</summary>
    private async Task EscalatesAsync(JsonElement incident, string[] chain, bool immediately)
    {
        var id = incident.Text("id");
        for (var step = 1; step <= chain.Length; step++)
        {
            time.Advance(step == 1 ? TimeSpan.FromMinutes(16) : TimeSpan.FromMinutes(5));
            var expected = immediately ? chain.Length : step;
            await Eventually.TrueAsync(async () => await StepAsync(id) >= expected, $"step {expected} of the escalation");
            Assert.Equal(chain, (await PositionAsync(id))!.Value.List("chain").Select(handle => handle.GetString()));
            foreach (var handle in immediately ? chain : chain[..step])
                await Eventually.TrueAsync(async () => (await MessagesAsync(handle)).Any(Escalation), $"the escalation to {handle}");
            if (immediately) break;
            if (step < chain.Length) Assert.DoesNotContain(await MessagesAsync(chain[step]), Escalation);
        }

        (await server.PostAsync(
            $"/api/incidents/{id}/acknowledge",
            "@" + incident.List("responders")[1].Text("handle").TrimStart('@'),
            new { notes = "on it" })).IsOk();
        var reached = await StepAsync(id);
        time.Advance(TimeSpan.FromHours(3));
        await server.ReadyAsync();
        Assert.Equal(reached, await StepAsync(id));

        bool Escalation(JsonElement message) => message.Text("type") == "Escalation" && message.Text("subject").Contains($"{id} ", StringComparison.Ordinal)
            && message.Text("subject").Contains("not acknowledged", StringComparison.Ordinal);
    }

    private async Task SignalAsync(string way, string label, string value)
    {
        var labels = new Dictionary<string, string> { ["alertname"] = "Signal", ["severity"] = label == "category" ? "critical" : "high", [label] = value };
        switch (way)
        {
            case "alert":
                Assert.Single(
                    (await server.PostAsync("/webhooks/alertmanager", null, AlertBodies.Alertmanager(labels, "Something is wrong")))
                        .IsOk().Json
                        .List("incidents"));
                break;
            case "pagerduty":
                var payload = new { summary = "Something is wrong", source = "db", severity = "error", custom_details = labels };
                (await server.PostAsync(
                    "/v2/enqueue",
                    null,
                    new { routing_key = "key", event_action = "trigger", dedup_key = "db-1", payload })).Is(HttpStatusCode.Accepted);
                break;
            case "tool":
                (await server.PostAsync("/api/tools/incident_declare", "@monitoring", new { title = "Something is wrong", severity = "SEV-2", labels })).IsOk();
                break;
            case "probe":
                using (var prober = new SiteProber(
                    server.Server.Engine,
                    new ProbeOptions { Sites = [new Uri("http://shop.example/")], Failures = 1 },
                    new HttpClient(new Answers(int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)))))
                    await prober.LookAsync(CancellationToken.None);
                break;
            default:
                throw new ArgumentException(way);
        }
    }

    private async Task OrdinaryWorkAsync() =>
        (await server.PostAsync("/api/tools/atp_create", "@qa", new { title = "Tidy the log", owner = "@qa", flow = "standard" }, key: "begin")).IsOk();

    private async Task<Reply> WorkAsync()
    {
        var atp = (await server.GetAsync("/api/atps")).Items().Single(one => one.Text("title") == "Tidy the log").Text("id");
        return await server.PostAsync("/api/tools/atp_change_status", "@qa", new { atpId = atp, status = "InProgress" });
    }

    private async Task<JsonElement?> PositionAsync(string id) =>
        (await server.GetAsync($"/api/incidents/{id}"))
            .IsOk().Json
            .List("escalations")
            .Cast<JsonElement?>()
            .FirstOrDefault(one => one!.Value.Text("clock") == "respond");

    private async Task<int> StepAsync(string id) => (await PositionAsync(id))?.GetProperty("step").GetInt32() ?? 0;

    private async Task<JsonElement[]> MessagesAsync(string handle) =>
        (await server.GetAsync($"/api/agents/{handle}/inbox?limit=500")).IsOk().Json.List("messages");

    private sealed class Answers(int status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage((HttpStatusCode)status));
    }
}
