using IncidentActors.Silo.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IncidentActors.Silo;

/// <summary>TLS with certificates on both sides of each connection.</summary>
public static class ClusterTls
{
    /// <summary>The client shows its certificate and takes silos of the same authority only.</summary>
    public static IClientBuilder UseClusterTls(this IClientBuilder client, SiloTls files)
    {
        client.Services.AddSingleton(provider => new SiloCertificates(files, provider.GetRequiredService<ILogger<SiloCertificates>>()));
        client.Services.AddOptions<ClientConnectionOptions>().Configure<SiloCertificates>((connections, certificates) =>
            connections.ConfigureConnection(connection => connection.UseClientTls(certificates.OfSilos())));
        return client;
    }

    /// <summary>The silo's port takes silos, the gateway's clients of the same authority.</summary>
    internal static ISiloBuilder UseClusterTls(this ISiloBuilder silo, SiloTls files)
    {
        silo.Services.AddSingleton(provider => new SiloCertificates(files, provider.GetRequiredService<ILogger<SiloCertificates>>()));
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<SiloCertificates>((connections, certificates) =>
        {
            connections.ConfigureSiloInboundConnection(connection => connection.UseServerTls(certificates.OfSilos()));
            connections.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(certificates.OfSilos()));
            connections.ConfigureGatewayInboundConnection(connection => connection.UseServerTls(certificates.OfClients()));
        });
        return silo;
    }
}
