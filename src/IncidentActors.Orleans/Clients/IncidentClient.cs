using IncidentActors.Core.Decisions;
using IncidentActors.Orleans.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentActors.Orleans;

/// <summary>Makes a service reach the actors of a cluster from outside.</summary>
public static class IncidentClient
{
    /// <summary>Adds the wire format and an <see cref="OrleansDirectory"/>; which cluster, the caller says on the builder.</summary>
    public static IClientBuilder AddIncidentClient(this IClientBuilder client)
    {
        client.Services.AddCoreSerialization();
        client.Services.AddSingleton<OrleansDirectory>();
        client.Services.AddSingleton<IActorDirectory>(services => services.GetRequiredService<OrleansDirectory>());
        client.AddOutgoingGrainCallFilter<ClusterFaults>();
        return client;
    }
}
