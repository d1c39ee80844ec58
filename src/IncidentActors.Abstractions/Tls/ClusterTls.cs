using IncidentActors.Silo.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IncidentActors.Silo;

/// <summary>Mutual TLS for the connections of a cluster client to the silos.</summary>
public static class ClusterTls
{
    /// <summary>The client sends its certificate, and accepts only silos whose certificate was issued by the same authority.</summary>
    public static IClientBuilder UseClusterTls(this IClientBuilder client, SiloTls files)
    {
        client.Services.AddSingleton(provider => new SiloCertificates(files, provider.GetRequiredService<ILogger<SiloCertificates>>()));
        client.Services.AddOptions<ClientConnectionOptions>().Configure<SiloCertificates>((connections, certificates) =>
            connections.ConfigureConnection(connection => connection.UseClientTls(certificates.OfSilos())));
        return client;
    }
}
