using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace IncidentActors.Server.Telemetry;

/// <summary>Sends traces, metrics and logs to an OTLP collector. The only place that knows of OpenTelemetry's packages; its variables
/// (<c>OTEL_SERVICE_NAME</c>, <c>OTEL_RESOURCE_ATTRIBUTES</c>, <c>OTEL_TRACES_SAMPLER</c>, intervals, headers) hold.</summary>
internal static class Exporting
{
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Service = "incidentactors";

    public static IDisposable Start(ServerOptions options, string node)
    {
        var resource = Resource(node);
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(SpanCatalogue.Source)
            .AddOtlpExporter(to => Configure(to, options, "traces")).Build();
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(MetricCatalogue.Meter, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddOtlpExporter(to => Configure(to, options, "metrics")).Build();
        return new Providers(traces, metrics);
    }

    public static void AddLogs(ILoggingBuilder logging, ServerOptions options) => logging.AddOpenTelemetry(logs =>
    {
        logs.SetResourceBuilder(Resource(null));
        logs.AddOtlpExporter(to => Configure(to, options, "logs"));
    });

    private static ResourceBuilder Resource(string? node) => ResourceBuilder.CreateEmpty()
        .AddService(
            Service, serviceVersion: typeof(Exporting).Assembly.GetName().Version?.ToString(3),
            autoGenerateServiceInstanceId: node is null, serviceInstanceId: node)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    private static void Configure(OtlpExporterOptions to, ServerOptions options, string signal)
    {
        if (Environment.GetEnvironmentVariable(ProtocolVariable) is null) to.Protocol = OtlpExportProtocol.HttpProtobuf;
        if (options.Otlp is not { } collector) return;
        to.Endpoint = to.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri($"{collector.ToString().TrimEnd('/')}/v1/{signal}") : collector;
    }

    /// <summary>Disposing sends what waits.</summary>
    private sealed class Providers(params IDisposable[] providers) : IDisposable
    {
        public void Dispose()
        {
            foreach (var provider in providers) provider.Dispose();
        }
    }
}
