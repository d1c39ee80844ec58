using IncidentActors.Core.Decisions;

namespace IncidentActors.Behaviour;

/// <summary>Behaviours that do not depend on the engine; a fresh one for each.</summary>
public abstract class BehaviourSuite : IAsyncLifetime
{
    protected IBench Bench { get; private set; } = null!;

    protected IActorDirectory Actors => Bench.Actors;

    protected abstract Task<IBench> StartAsync();

    public async Task InitializeAsync() => Bench = await StartAsync();

    public async Task DisposeAsync() => await Bench.DisposeAsync();
}
