using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Metrics;

namespace IncidentActors.Server.Telemetry;

/// <summary>What this node tells of itself: figures to whoever scrapes, and where a collector is configured traces, figures and logs to it.</summary>
internal sealed class NodeTelemetry : IAsyncDisposable
{
    /// <summary>OpenTelemetry's own variable for the collector's address.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>How often gauges are read anew for an exporter, which cannot ask for it.</summary>
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stop = new();
    private readonly IDisposable? exporting;
    private readonly Task reading = Task.CompletedTask;

    public NodeTelemetry(RunningEngine engine, ServerOptions options, ILoggerFactory logs)
    {
        Metrics = engine.Turns.Metrics;
        Time = engine.Options.Time;
        Gauges = new NodeGauges(engine.Turns);
        Scraping = new Scraping(Metrics);
        if (!Exports(options)) return;
        exporting = Exporting.Start(options, engine.Options.Node);
        Traces = new IncidentTraces(engine.Turns, engine.Records, logs.CreateLogger<IncidentTraces>());
        reading = ReadAsync();
    }

    public NodeMetrics Metrics { get; }
    public TimeProvider Time { get; }
    public NodeGauges Gauges { get; }
    public Scraping Scraping { get; }

    /// <summary>Null: nobody is told of spans.</summary>
    public IncidentTraces? Traces { get; }

    /// <summary>A collector is configured. Otherwise nothing of OpenTelemetry is even loaded.</summary>
    public static bool Exports(ServerOptions options) =>
        options.Otlp is not null || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable));

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                await Gauges.RefreshAsync(stop.Token);
                await Task.Delay(ReadEvery, Time, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Sends what is still waiting, while the journal is still open.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await reading;
        if (Traces is not null) await Traces.DisposeAsync();
        exporting?.Dispose();
        Scraping.Dispose();
        stop.Dispose();
    }
}
