using IncidentActors.Core.Decisions;
using IncidentActors.Silo;
using IncidentActors.Silo.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace IncidentActors.Client;

/// <summary>For a host that configures its Orleans client by itself, such as one that calls grains of several systems.</summary>
public static class IncidentClientBuilder
{
    /// <summary>Interval in which the list of gateways is read. A gateway that was lost without notice is abandoned then.</summary>
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds the wire format, an <see cref="IncidentClient"/> and a <see cref="ClusterActors"/>. A call is answered within 5 s, unless the caller sets another
    /// <see cref="MessagingOptions.ResponseTimeout"/> after it. Which cluster, the caller says on the builder.
    /// </summary>
    /// <param name="token">Gives the access token that calls show, and is asked for each call; null: each call shows its own by
    /// <see cref="CallToken.Show"/>. <see cref="Call.By"/> is the token's handle, or empty.</param>
    public static IClientBuilder AddIncidentClient(this IClientBuilder client, Func<string?>? token = null)
    {
        client.Services.AddCoreSerialization();
        client.Services.AddOptions<IncidentClientOptions>();
        client.Services.TryAddSingleton<IncidentClient>();
        client.Services.AddSingleton<ClusterActors>();
        client.Services.AddSingleton<IActorDirectory>(services => services.GetRequiredService<ClusterActors>());
        client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = new IncidentClientOptions().ResponseTimeout);
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = GatewayRefresh);
        client.AddOutgoingGrainCallFilter<ClusterFaults>();
        if (token is not null) client.AddOutgoingGrainCallFilter(new CallToken.Filter(token));
        return client;
    }

    /// <summary>Finds the silos' gateways in the cluster's database. A silo with a gateway must have started once on it.</summary>
    /// <param name="connectionString">In Npgsql's keywords: <c>Host=db;Database=incidents;Username=me</c>.</param>
    /// <exception cref="InvalidOperationException">The package Npgsql is not referenced.</exception>
    /// <exception cref="ArgumentException">A keyword is unknown, or a value is not one that it may have.</exception>
    public static IClientBuilder UsePostgresCluster(this IClientBuilder client, string connectionString) =>
        client.UseAdoNetClustering(options =>
        {
            options.Invariant = GatewayDatabase.Invariant;
            options.ConnectionString = GatewayDatabase.ConnectionString(connectionString);
        });
}
