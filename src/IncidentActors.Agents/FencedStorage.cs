using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace IncidentActors.Agents;

/// <summary>
/// A store of grains' state that refuses writes of a hosted agent under a halt that covers it. The journal is asked before each write; a halt is
/// acknowledged after the writes that had begun before have ended.
/// </summary>
internal sealed class FencedStorage(IGrainStorage inner, Func<AgentRuntime> runtime) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Puts every store that the services have so far behind the fence.</summary>
    public static void FenceAll(IServiceCollection services)
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (!IsStorage(services[i])) continue;
            var descriptor = services[i];
            services[i] = new ServiceDescriptor(
                typeof(IGrainStorage), descriptor.ServiceKey,
                (provider, key) => new FencedStorage(Make(descriptor, provider, key), provider.GetRequiredService<AgentRuntime>), ServiceLifetime.Singleton);
        }
    }

    /// <exception cref="InvalidOperationException">A store was added later than the agents.</exception>
    public static void Check(IServiceCollection services, IServiceProvider provider)
    {
        foreach (var name in services.Where(IsStorage).Select(descriptor => descriptor.ServiceKey))
        {
            if (provider.GetRequiredKeyedService<IGrainStorage>(name) is not FencedStorage)
                throw new InvalidOperationException($"The storage '{name}' must be added before {nameof(IncidentAgentsHosting.AddIncidentAgents)}.");
        }
    }

    public void Participate(ISiloLifecycle lifecycle) => (inner as ILifecycleParticipant<ISiloLifecycle>)?.Participate(lifecycle);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        FencedAsync(grainId, () => inner.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        FencedAsync(grainId, () => inner.ClearStateAsync(stateName, grainId, grainState));

    private async Task FencedAsync(GrainId grain, Func<Task> write)
    {
        if (runtime().HandleOf(grain) is not { } handle)
        {
            await write();
            return;
        }

        using var work = await runtime().GateOf(handle).BeginAsync(CancellationToken.None);
        await write();
    }

    private static bool IsStorage(ServiceDescriptor descriptor) => descriptor.IsKeyedService && descriptor.ServiceType == typeof(IGrainStorage);

    private static IGrainStorage Make(ServiceDescriptor descriptor, IServiceProvider provider, object? key) =>
        (IGrainStorage)(descriptor.KeyedImplementationInstance
            ?? descriptor.KeyedImplementationFactory?.Invoke(provider, key)
            ?? ActivatorUtilities.CreateInstance(provider, descriptor.KeyedImplementationType!));
}
