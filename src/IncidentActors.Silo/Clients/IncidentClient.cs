using IncidentActors.Core.Decisions;
using IncidentActors.Silo.Wire;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace IncidentActors.Silo;

/// <summary>Makes a service reach the actors of a cluster from outside.</summary>
public static class IncidentClient
{
    /// <summary>Response timeout. After it the outcome is unknown; the same key settles it.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>A gateway that is lost without a word is left when the list is read again, and with it the grains that were called through it.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds the wire format and an <see cref="ClusterActors"/>, and has calls answered within 5 s, unless the caller sets another
    /// <see cref="MessagingOptions.ResponseTimeout"/> after it. Which cluster, the caller says on the builder.
    /// </summary>
    /// <param name="token">Gives the access token that calls show, and is asked for each call; null: each call shows its own by
    /// <see cref="CallToken.Show"/>. <see cref="Call.By"/> is the token's handle, or empty.</param>
    public static IClientBuilder AddIncidentClient(this IClientBuilder client, Func<string?>? token = null)
    {
        client.Services.AddCoreSerialization();
        client.Services.AddSingleton<ClusterActors>();
        client.Services.AddSingleton<IActorDirectory>(services => services.GetRequiredService<ClusterActors>());
        client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = AnswerWithin);
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = PollInterval);
        client.AddOutgoingGrainCallFilter<ClusterFaults>();
        if (token is not null) client.AddOutgoingGrainCallFilter(new CallToken.Filter(token));
        return client;
    }
}
