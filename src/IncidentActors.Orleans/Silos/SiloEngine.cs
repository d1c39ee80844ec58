using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Orleans.Halts;

namespace IncidentActors.Orleans.Silos;

/// <summary>
/// The engine of one silo: turns, dispatcher and gate, once, whatever the number of grains. The gate is learned before the silo
/// takes calls, and again when it is known to others, so that a halt of the time between is not missed.
/// </summary>
internal sealed class SiloEngine(EmbeddedEngine engine, HaltBroadcast broadcast) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>The gate is read again so often, in case nobody told this silo of a halt or of its end.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stop = new();
    private Task looking = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(SiloEngine), ServiceLifecycleStage.ApplicationServices, StartAsync, StopAsync);
        lifecycle.Subscribe(nameof(SiloEngine), ServiceLifecycleStage.Active, AnnouncedAsync);
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        engine.Turns.Nodes = broadcast;
        engine.Turns.HaltCommitted += broadcast.Tell;
        await engine.StartAsync(cancel);
    }

    private async Task AnnouncedAsync(CancellationToken cancel)
    {
        await engine.Turns.RefreshHaltsAsync(cancel);
        looking = Task.Run(LookAsync, CancellationToken.None);
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (await WaitAsync(timer))
        {
            try
            {
                await engine.Turns.RefreshHaltsAsync(stop.Token);
            }
            catch (Exception error) when (error is JournalUnavailableException or OperationCanceledException)
            {
                // Looks again in a moment; meanwhile the fence holds.
            }
        }
    }

    private async ValueTask<bool> WaitAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>After the grains have been deactivated: nothing asks for turns any more.</summary>
    private async Task StopAsync(CancellationToken cancel)
    {
        await stop.CancelAsync();
        await looking;
        engine.Turns.HaltCommitted -= broadcast.Tell;
        await engine.DisposeAsync();
    }
}
