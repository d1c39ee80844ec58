using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Server.Telemetry;

/// <summary>Begins counters at 0 and, for an exporter that cannot ask for it, reads the gauges again and again.</summary>
/// <param name="gauges">Null: they are read when Prometheus asks.</param>
internal sealed class NodeMeasuring(NodeMetrics metrics, NodeGauges? gauges) : BackgroundService
{
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.BeginCounters();
        if (gauges is null) return;
        using var timer = new PeriodicTimer(ReadInterval);
        do await gauges.RefreshAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
