using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Collections;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Telemetry.Otlp;
using IncidentActors.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>A collector over HTTP with protobuf, by the definitions in <c>Otlp.proto</c>: keeps what it is sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private OtlpReceiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();
    public ConcurrentQueue<Metric> Metrics { get; } = new();
    public ConcurrentQueue<LogRecord> Logs { get; } = new();
    public string Url => app.Urls.First();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.MapPost("/v1/traces", http => TakeAsync(http, ExportTraceServiceRequest.Parser, receiver.Take));
        receiver.app.MapPost("/v1/metrics", http => TakeAsync(http, ExportMetricsServiceRequest.Parser, receiver.Take));
        receiver.app.MapPost("/v1/logs", http => TakeAsync(http, ExportLogsServiceRequest.Parser, receiver.Take));
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>The spans of the incident's trace, once the condition holds for them.</summary>
    public async Task<ReceivedSpan[]> TraceAsync(string incident, Func<ReceivedSpan[], bool> complete, string what)
    {
        ReceivedSpan[] trace = [];
        await Eventually.TrueAsync(
            () =>
            {
                var root = Spans.FirstOrDefault(span => span.Name == "incident.declare" && span.Tag("incident.id") == incident);
                trace = root is null ? [] : [.. Spans.Where(span => span.Trace == root.Trace)];
                return complete(trace);
            },
            what);
        return trace;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private void Take(ExportTraceServiceRequest request)
    {
        foreach (var resource in request.ResourceSpans)
        {
            foreach (var span in resource.ScopeSpans.SelectMany(scope => scope.Spans)) Spans.Enqueue(ReceivedSpan.Of(span, resource.Resource.Attributes));
        }
    }

    private void Take(ExportMetricsServiceRequest request)
    {
        foreach (var metric in request.ResourceMetrics.SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics))
        {
            Metrics.Enqueue(metric);
        }
    }

    private void Take(ExportLogsServiceRequest request)
    {
        foreach (var record in request.ResourceLogs.SelectMany(resource => resource.ScopeLogs).SelectMany(scope => scope.LogRecords)) Logs.Enqueue(record);
    }

    private static async Task TakeAsync<T>(HttpContext http, MessageParser<T> parser, Action<T> take)
        where T : IMessage<T>
    {
        Assert.Equal("application/x-protobuf", http.Request.ContentType);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        take(parser.ParseFrom(body.ToArray()));
        http.Response.ContentType = "application/x-protobuf";
    }
}

/// <param name="Parent">Empty: a root.</param>
/// <param name="Links">Trace and span, <c>trace-span</c>.</param>
/// <param name="Node">The <c>service.instance.id</c> of the process.</param>
internal sealed record ReceivedSpan(
    string Name, string Trace, string Id, string Parent, DateTimeOffset Start, DateTimeOffset End, Dictionary<string, string> Tags, string[] Links, string Node)
{
    public string? Tag(string name) => Tags.GetValueOrDefault(name);

    public static ReceivedSpan Of(Span span, RepeatedField<KeyValue> resource) => new(
        span.Name, Hex(span.TraceId), Hex(span.SpanId), Hex(span.ParentSpanId), Time(span.StartTimeUnixNano), Time(span.EndTimeUnixNano),
        span.Attributes.ToDictionary(tag => tag.Key, tag => Text(tag.Value)), [.. span.Links.Select(link => $"{Hex(link.TraceId)}-{Hex(link.SpanId)}")],
        resource.Single(tag => tag.Key == "service.instance.id").Value.StringValue);

    public static string Text(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.IntValue => $"{value.IntValue}",
        _ => value.ToString(),
    };

    public static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    private static DateTimeOffset Time(ulong nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100));
}
