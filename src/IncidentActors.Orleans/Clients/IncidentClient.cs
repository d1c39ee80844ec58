using IncidentActors.Core.Decisions;
using IncidentActors.Orleans.Wire;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace IncidentActors.Orleans;

/// <summary>Makes a service reach the actors of a cluster from outside.</summary>
public static class IncidentClient
{
    /// <summary>A call that went through a silo which is killed is answered by nobody. After this it is told to be open, and the same key settles it.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>A gateway that is lost without a word is left when the list is read again, and with it the grains that were called through it.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds the wire format and an <see cref="OrleansDirectory"/>, and has calls answered within 5 s, unless the caller sets another
    /// <see cref="MessagingOptions.ResponseTimeout"/> after it. Which cluster, the caller says on the builder.
    /// </summary>
    public static IClientBuilder AddIncidentClient(this IClientBuilder client)
    {
        client.Services.AddCoreSerialization();
        client.Services.AddSingleton<OrleansDirectory>();
        client.Services.AddSingleton<IActorDirectory>(services => services.GetRequiredService<OrleansDirectory>());
        client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = AnswerWithin);
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = LookEvery);
        client.AddOutgoingGrainCallFilter<ClusterFaults>();
        return client;
    }
}
