using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Silo.Silos;
using IncidentActors.Silo.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace IncidentActors.Silo;

/// <summary>Makes the host a silo: the actors run as grains in its process.</summary>
public static class SiloHosting
{
    /// <summary>How many of the intervals in which a silo says that it is alive it may miss before silos that start ignore it.</summary>
    private const int MissedAliveLimit = 3;

    /// <summary>Time to end open requests before the silo stops.</summary>
    private static readonly TimeSpan RequestsTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Afterwards the host offers what <see cref="SiloActors.AddActors"/> says. The silo starts and stops with the host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="journal">Open; shared by all silos of the cluster, and disposed by the caller, after the host.</param>
    public static IHostApplicationBuilder AddSilo(this IHostApplicationBuilder host, IStore journal, EngineOptions options, SiloSettings settings) =>
        host.UseOrleans(silo =>
        {
            silo.AddActors(journal, options);
            silo.Services.AddSingleton<LostSilo>();
            silo.Services.AddSingleton<IFatalErrorHandler>(services => services.GetRequiredService<LostSilo>());
            silo.Configure<SiloOptions>(name => name.SiloName = options.Node);
            silo.Configure<GrainCollectionOptions>(collection =>
            {
                collection.CollectionAge = settings.CollectionAge;
                collection.DeactivationTimeout = settings.DrainTimeout;
            });
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = settings.ProbeTimeout;

                // A vote against a silo is suppressed for the limit of missed probes times this after its last message, whatever was missed.
                membership.MaxProbeTimeout = settings.ProbeTimeout;
                membership.NumMissedProbesLimit = 2;

                // A silo that is asked to probe for another one does not count while it is busy itself, which delayed every verdict.
                membership.EnableIndirectProbes = false;
                membership.TableRefreshTimeout = settings.RefreshInterval;
                membership.IAmAliveTablePublishTimeout = settings.AliveInterval;
                membership.NumMissedTableIAmAliveLimit = MissedAliveLimit;
            });
            silo.Configure<HostOptions>(hosting => hosting.ShutdownTimeout = RequestsTimeout + settings.DrainTimeout + TimeSpan.FromSeconds(5));
            silo.Configure<SiloMessagingOptions>(messaging =>
            {
                messaging.MaxEnqueuedRequestsHardLimit = settings.MaxQueuedPerActor;
                messaging.ResponseTimeout = settings.ResponseTimeout;
            });
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
            if (settings.Postgres is { } postgres) silo.UsePostgresCluster(postgres, settings.AliveInterval * MissedAliveLimit);
            else
            {
                silo.UseDevelopmentClustering(primarySiloEndpoint: null);

                // One silo knows where every grain is; the caches would take 20 MB and a timer that keeps a stopped host in memory.
                silo.Configure<GrainDirectoryOptions>(directory => directory.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.None);
            }

            if (settings.Tls is { } tls) silo.UseClusterTls(tls);
            silo.Services.AddSingleton(_ => SiloPorts.Take(settings));
            silo.Services.AddOptions<EndpointOptions>().Configure<SiloPorts>((endpoints, ports) =>
                (endpoints.AdvertisedIPAddress, endpoints.SiloPort, endpoints.GatewayPort) = (settings.Address, ports.Silo, ports.Gateway));
        });
}
