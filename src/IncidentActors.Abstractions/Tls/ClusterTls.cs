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
}
