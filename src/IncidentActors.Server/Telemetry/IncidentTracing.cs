using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Server.Telemetry;

/// <summary>Emits the spans of incidents while the host runs; those that still wait are emitted when it stops, while the journal is open.</summary>
internal sealed class IncidentTracing(IncidentTraces traces) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => traces.DisposeAsync().AsTask();
}
