using System.Net;
using System.Text.Json;
using IncidentActors.Server.Probes;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Knowledge;

/// <summary>A repeat is known as one however it is declared: by the API, by text, by an ATP, by alerts, by a probe (seed 002 §4).</summary>
public sealed class RepeatTests : IAsyncLifetime
{
    private const string Leak = """
        ---
        title: "Payment gateway 500 errors"
        date: 2026-11-20
        tags: [payment, incident]
        incident_id: INC-1
        ---

        ## Root Cause
        Never released.

        """;

    private const string Again = "Payment gateway returning 500 errors: emergency";

    private ServerUnderTest server = null!;

    public async Task InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/knowledge", "@documentation", new { name = "KB-1.md", text = Leak })).IsOk();
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("POST /api/incidents")]
    [InlineData("incident_declare by text")]
    [InlineData("atp_set")]
    [InlineData("atp_create")]
    [InlineData("alertmanager")]
    [InlineData("pagerduty")]
    [InlineData("probe")]
    public async Task Whichever_way_it_is_declared(string way)
    {
        await DeclareAsync(way);
        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        var similar = Assert.Single(incident.List("similar"));
        Assert.Equal(("KB-1", "INC-1", true), (similar.Text("id"), similar.Text("incidentId"), similar.GetProperty("repeat").GetBoolean()));
        var metrics = (await server.GetAsync("/api/metrics")).IsOk().Json.List("metrics");
        Assert.Equal(1, metrics.Single(metric => metric.Text("id") == "repeats").GetProperty("value").GetDouble());
    }

    private async Task DeclareAsync(string way)
    {
        switch (way)
        {
            case "POST /api/incidents":
                (await server.PostAsync("/api/incidents", "@dev", new { title = Again, severity = "SEV-2" })).Is(HttpStatusCode.Created);
                break;
            case "incident_declare by text":
                (await server.PostAsync("/api/tools/incident_declare", "@dev", new { text = $"@DEV /emergency - P0: {Again}" })).IsOk();
                break;
            case "atp_set":
                (await server.PostAsync(
                    "/api/tools/atp_set",
                    "@pm",
                    new { atpId = "AT-EMRG-01", status = "InProgress", agent = "@pm", notes = $"🚨 SEV-1: {Again}" })).IsOk();
                break;
            case "atp_create":
                (await server.PostAsync("/api/tools/atp_create", "@pm", new { title = Again, flow = "emergency" })).IsOk();
                break;
            case "alertmanager":
                (await server.PostAsync(
                    "/webhooks/alertmanager",
                    null,
                    AlertBodies.Alertmanager(new { alertname = "Gateway", severity = "high" }, Again))).IsOk();
                break;
            case "pagerduty":
                (await server.PostAsync("/v2/enqueue", null, AlertBodies.PagerDuty(Again))).Is(HttpStatusCode.Accepted);
                break;
            case "probe":
                using (var prober = new SiteProber(
                    server.Server.Engine,
                    new ProbeOptions { Sites = [new Uri("http://payment.gateway.500.errors/")], Failures = 1 },
                    new HttpClient(new Broken())))
                    await prober.LookAsync(CancellationToken.None);
                break;
            default:
                throw new ArgumentException(way);
        }
    }

    private sealed class Broken : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.InternalServerError));
    }
}
