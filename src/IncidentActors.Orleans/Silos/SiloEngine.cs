using IncidentActors.Engine;
using IncidentActors.Orleans.Halts;

namespace IncidentActors.Orleans.Silos;

/// <summary>
/// The engine of one silo: turns, dispatcher and gate, once, whatever the number of grains. The gate is learned before the silo
/// takes calls, and again when it is known to others, so that a halt of the time between is not missed.
/// </summary>
internal sealed class SiloEngine(EmbeddedEngine engine, HaltBroadcast broadcast) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(SiloEngine), ServiceLifecycleStage.ApplicationServices, StartAsync, StopAsync);
        lifecycle.Subscribe(nameof(SiloEngine), ServiceLifecycleStage.Active, engine.Turns.RefreshHaltsAsync);
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        engine.Turns.Nodes = broadcast;
        engine.Turns.HaltCommitted += broadcast.Tell;
        await engine.StartAsync(cancel);
    }

    /// <summary>After the grains have been deactivated: nothing asks for turns any more.</summary>
    private async Task StopAsync(CancellationToken cancel)
    {
        engine.Turns.HaltCommitted -= broadcast.Tell;
        await engine.DisposeAsync();
    }
}
