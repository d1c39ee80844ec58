using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Hosting;
using Npgsql;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace IncidentActors.Server.Telemetry;

/// <summary>
/// OpenTelemetry in this server: metrics for Prometheus always, and traces, metrics and logs by OTLP where a collector is configured.
/// OpenTelemetry's variables (<c>OTEL_SERVICE_NAME</c>, <c>OTEL_TRACES_SAMPLER</c>, intervals, headers) hold.
/// </summary>
internal static class TelemetryHosting
{
    /// <summary>OpenTelemetry's own variable for the collector's address.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Service = "incidentactors";
    private const string GrainCalls = "Microsoft.Orleans.Application";
    private const string OrleansMeter = "Microsoft.Orleans";
    private const string NpgsqlMeter = "Npgsql";

    /// <summary>Series of one metric, at most; what is beyond them is summed up in one that says so.</summary>
    private const int MaxSeries = 500;

    /// <summary>A collector is configured.</summary>
    public static bool Exports(ServerOptions options) =>
        options.Otlp is not null || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable));

    /// <param name="services">With the node's <see cref="TurnExecutor"/>.</param>
    public static void AddTelemetry(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(provider => provider.GetRequiredService<TurnExecutor>().Metrics);
        services.AddSingleton<NodeGauges>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource).AddDetector(provider => new NodeName(provider.GetRequiredService<EngineOptions>())))
            .WithMetrics(AddMeters);
        services.ConfigureOpenTelemetryMeterProvider(static (provider, metrics) =>
        {
            var own = provider.GetRequiredService<NodeMetrics>();
            metrics.AddView(instrument => own.IsOfAnother(instrument)
                ? MetricStreamConfiguration.Drop
                : new MetricStreamConfiguration { CardinalityLimit = MaxSeries });
        });
        services.AddHostedService(provider => new NodeMeasuring(
            provider.GetRequiredService<NodeMetrics>(), Exports(options) ? provider.GetRequiredService<NodeGauges>() : null));
        if (!Exports(options)) return;

        services.AddSingleton(provider => new IncidentTraces(
            provider.GetRequiredService<TurnExecutor>(), provider.GetRequiredService<IStore>(), provider.GetRequiredService<ILogger<IncidentTraces>>()));
        services.AddHostedService<IncidentTracing>();
        telemetry
            .WithMetrics(metrics => metrics.AddOtlpExporter(to => Configure(to, options, "metrics")))
            .WithTracing(traces => traces
                .AddSource(SpanCatalogue.Source, GrainCalls)
                .AddAspNetCoreInstrumentation(web => web.Filter = IsWork)
                .AddNpgsql()
                .AddProcessor(new OrphanSpans())
                .AddOtlpExporter(to => Configure(to, options, "traces")));
    }

    /// <summary>Log lines by OTLP, for a host that has not started yet.</summary>
    public static void AddTelemetry(this ILoggingBuilder logging, ServerOptions options)
    {
        if (!Exports(options)) return;
        logging.AddOpenTelemetry(logs =>
        {
            logs.SetResourceBuilder(Describe(ResourceBuilder.CreateEmpty()));
            logs.AddOtlpExporter(to => Configure(to, options, "logs"));
        });
    }

    private static void AddMeters(MeterProviderBuilder metrics) => metrics
        .AddMeter(MetricCatalogue.Meter, OrleansMeter, NpgsqlMeter)
        .AddAspNetCoreInstrumentation()
        .AddRuntimeInstrumentation()
        .AddProcessInstrumentation()
        .AddPrometheusExporter(exporter => exporter.ScopeInfoEnabled = false);

    private static ResourceBuilder Describe(ResourceBuilder resource) => resource.Clear()
        .AddService(Service, serviceVersion: typeof(TelemetryHosting).Assembly.GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    /// <summary>Requests that somebody asks about; not the looks of probes and of Prometheus, nor the files of pages.</summary>
    private static bool IsWork(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/metrics") && !http.Request.Path.StartsWithSegments("/healthz")
        && !http.Request.Path.StartsWithSegments("/readyz") && !http.Request.Path.StartsWithSegments("/assets")
        && !http.Request.Path.StartsWithSegments("/silos");

    /// <summary><c>service.instance.id</c> is the node's name, as halts show it.</summary>
    private sealed class NodeName(EngineOptions options) : IResourceDetector
    {
        public Resource Detect() => new([new("service.instance.id", options.Node)]);
    }

    private static void Configure(OtlpExporterOptions to, ServerOptions options, string signal)
    {
        if (Environment.GetEnvironmentVariable(ProtocolVariable) is null) to.Protocol = OtlpExportProtocol.HttpProtobuf;
        if (options.Otlp is not { } collector) return;
        to.Endpoint = to.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri($"{collector.ToString().TrimEnd('/')}/v1/{signal}") : collector;
    }
}
