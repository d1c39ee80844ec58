using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IncidentActors.Silo.Tls;

/// <summary>TLS with certificates on both sides of each connection.</summary>
internal static class SiloSideTls
{
    /// <summary>The silo's port takes silos, the gateway's clients of the same authority.</summary>
    public static ISiloBuilder UseClusterTls(this ISiloBuilder silo, SiloTls files)
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
