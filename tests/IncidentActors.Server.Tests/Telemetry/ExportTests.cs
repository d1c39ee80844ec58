using System.Text.Json;
using Google.Protobuf;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Telemetry.Otlp;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>What a real server process sends to a collector, and what it does without one.</summary>
[Slow]
public sealed class ExportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("incident-export-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Without_a_collector_there_are_figures_to_scrape_and_no_exporter_is_loaded()
    {
        await using var server = new ServerProcess("--data", folder, "--quiet");
        await server.StartAsync();
        await DeclareAsync(server, null);
        await Eventually.TrueAsync(async () => (await server.Client.GetStringAsync("/metrics"))
            .Contains("incident_declared_total{incident_severity=\"SEV-2\"} 1", StringComparison.Ordinal));
        var loaded = await File.ReadAllTextAsync($"/proc/{server.Id}/maps");
        Assert.Contains("IncidentActors.Engine.dll", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry.Exporter.OpenTelemetryProtocol", loaded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_and_logs_arrive_with_their_ids_and_without_what_bodies_said()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var server = new ServerProcess("--data", folder, "--otlp", receiver.Url, "--log", "json");
        server.Environment["OTEL_METRIC_EXPORT_INTERVAL"] = "200";
        server.Environment["OTEL_BLRP_SCHEDULE_DELAY"] = "100";
        server.Environment["OTEL_EXPORTER_OTLP_TIMEOUT"] = "120000";
        await server.StartAsync();
        var incident = await DeclareAsync(server, Emergency.DevTrace);
        await Eventually.TrueAsync(() => receiver.Metrics.Any(metric => metric.Name == "incident.open"), "the metrics' arrival");
        await Eventually.TrueAsync(() => receiver.Logs.Any(IsDeclaration), "the log's arrival");
        var log = receiver.Logs.First(IsDeclaration);
        Assert.Equal(Emergency.DevTrace.Split('-')[1], ReceivedSpan.Hex(log.TraceId));
        Assert.Equal(incident, Text(log, "IncidentId"));
        Assert.Contains("Information", Whole(log), StringComparison.Ordinal); // the severity, which Otlp.proto does not name: the next check sees all fields
        Assert.DoesNotContain(receiver.Logs, record => Whole(record).Contains("secret words", StringComparison.Ordinal));

        foreach (var metric in receiver.Metrics.Where(metric => metric.Name.StartsWith("incident.", StringComparison.Ordinal)))
        {
            var known = Assert.Single(MetricCatalogue.All, one => one.Name == metric.Name);
            Assert.Equal((known.Unit, known.Meaning), (metric.Unit, metric.Description));
        }

        Assert.Equal(0, await server.StopAsync());
        using var line = JsonDocument.Parse(server.Output.Split('\n').First(one => one.Contains("incident_declare by", StringComparison.Ordinal)));
        Assert.Contains(Emergency.DevTrace.Split('-')[1], line.RootElement.GetProperty("Scopes").ToString(), StringComparison.Ordinal);
    }

    private static bool IsDeclaration(LogRecord record) => Text(record, "Tool") == "incident_declare";

    /// <summary>The record as it was sent, with the fields that <c>Otlp.proto</c> does not name.</summary>
    private static string Whole(LogRecord record) => record.ToByteString().ToStringUtf8();

    private static string? Text(LogRecord record, string name) =>
        record.Attributes.FirstOrDefault(tag => tag.Key == name) is { } tag ? ReceivedSpan.Text(tag.Value) : null;

    private static async Task<string> DeclareAsync(ServerProcess server, string? trace)
    {
        using var response = await server.SendAsync(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/incidents")
            {
                Content = new StringContent("""{"title":"Checkout","severity":"SEV-2","description":"secret words"}"""),
            };
            request.Headers.Add("X-Agent", "@pm");
            if (trace is not null) request.Headers.Add("traceparent", trace);
            return request;
        });
        return (await Reply.OfAsync(response)).Is(System.Net.HttpStatusCode.Created).Json.Text("id");
    }
}
