using System.Collections.Concurrent;
using IncidentActors.Engine;
using IncidentActors.Engine.Dispatch;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Seals;
using IncidentActors.Engine.Turns;
using IncidentActors.Silo.Halts;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Silo.Silos;

/// <summary>
/// Starts and stops the parts that a silo has once, independent of its grains. The gate learns the halts before the silo takes calls, and again
/// when it is known to others, so that a halt raised in between is not missed. Effects are applied while the silo is active.
/// </summary>
internal sealed class SiloEngine(
    IStore journal, EngineOptions options, TurnExecutor turns, Dispatcher dispatcher, StoreWatch watch, HaltBroadcast broadcast,
    ISiloStatusOracle statuses, ILogger<KeySweep> log)
    : ILifecycleParticipant<ISiloLifecycle>, ISiloStatusListener
{
    /// <summary>Silos that have said that they end.</summary>
    private readonly ConcurrentDictionary<SiloAddress, bool> leaving = new();

    private KeySweep? sweep;
    private Sealer? sealer;

    /// <summary>A silo that is dead without having shut down has crashed, froze or cannot be reached.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status is SiloStatus.ShuttingDown or SiloStatus.Stopping) leaving[updatedSilo] = true;
        else if (status is SiloStatus.Dead && !leaving.TryRemove(updatedSilo, out _) && !updatedSilo.Equals(statuses.SiloAddress)) turns.Metrics.NodeLost();
    }

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(SiloEngine), ServiceLifecycleStage.ApplicationServices, StartAsync, StopAsync);
        lifecycle.Subscribe(nameof(SiloEngine), ServiceLifecycleStage.Active, BeginAsync, EndAsync);
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        statuses.SubscribeToSiloStatusEvents(this);
        turns.HaltCommitted += broadcast.Send;
        await watch.StartAsync(cancel);
    }

    private async Task BeginAsync(CancellationToken cancel)
    {
        await turns.RefreshHaltsAsync(cancel);
        dispatcher.Start();
        sweep = new KeySweep(journal, options, log);
        sealer = new Sealer(journal, options, log);
    }

    private async Task EndAsync(CancellationToken cancel)
    {
        if (sweep is not null) await sweep.DisposeAsync();
        await dispatcher.StopAsync();
        if (sealer is not null) await sealer.DisposeAsync();
    }

    private async Task StopAsync(CancellationToken cancel)
    {
        statuses.UnSubscribeFromSiloStatusEvents(this);
        turns.HaltCommitted -= broadcast.Send;
        await watch.DisposeAsync();
    }
}
