using IncidentActors.Client;
using IncidentActors.Silo.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace IncidentActors.Agents;

/// <summary>Adds agents to a service's silo.</summary>
public static class IncidentAgentsHosting
{
    internal const string Tokens = "Tokens";

    /// <summary>
    /// Hosts agents. They reach the journal as clients, by section <c>IncidentActors</c> of the configuration; the cluster is the service's own. Storage of
    /// grains is added before: every write of an agent's state is refused under a halt.
    /// </summary>
    /// <exception cref="InvalidOperationException">At the start: storage was added afterwards, or no gateway is reached.</exception>
    public static ISiloBuilder AddIncidentAgents(this ISiloBuilder silo, Action<IncidentAgentsBuilder> configure)
    {
        var agents = new IncidentAgentsBuilder();
        configure(agents);

        // The silo has the journal's grain interfaces in its manifest.
        silo.Services.AddCoreSerialization();
        FencedStorage.FenceAll(silo.Services);
        silo.Configure<GrainTypeOptions>(types =>
        {
            foreach (var agent in agents.Agents.Values) types.AddClass(agent.Type);
        });
        silo.Services.TryAddSingleton<KeyOf>(TurnKeys.Derive);
        silo.Services.AddSingleton(provider =>
        {
            FencedStorage.Check(silo.Services, provider);
            return ActivatorUtilities.CreateInstance<AgentRuntime>(provider, agents, silo.Configuration.GetSection(IncidentClientOptions.Section));
        });
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<AgentRuntime>());
        return silo;
    }
}
