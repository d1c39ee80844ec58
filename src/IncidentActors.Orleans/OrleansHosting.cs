using System.Net;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Orleans.Silos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace IncidentActors.Orleans;

/// <summary>The cluster engine in a host: this process becomes a silo.</summary>
public static class OrleansHosting
{
    /// <summary>Why this program has no cluster engine, or null: it has.</summary>
    public static string? Missing => null;

    /// <summary>
    /// Runs the actors as grains in this process. Afterwards the host offers <see cref="EmbeddedEngine"/> (this silo's turns and
    /// declarations) and <see cref="Core.Decisions.IActorDirectory"/> (all actors, on whichever silo).
    /// </summary>
    /// <param name="host">The host; its journal is open before it starts.</param>
    /// <param name="journal">Shared by all silos; PostgreSQL where there is more than one process.</param>
    public static IHostApplicationBuilder AddOrleansEngine(
        this IHostApplicationBuilder host, IJournal journal, EngineOptions options, OrleansSettings settings) =>
        host.UseOrleans(silo =>
        {
            var (siloPort, gatewayPort) = Ports.Of(settings);
            silo.AddOrleansEngine(journal, options);
            silo.Services.AddSingleton<IFatalErrorHandler, LostSilo>();
            silo.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = settings.ClusterId;
                cluster.ServiceId = settings.ServiceId;
            });
            silo.Configure<GrainCollectionOptions>(collection =>
            {
                collection.CollectionAge = settings.CollectionAge;
                collection.DeactivationTimeout = settings.DrainWithin;
            });
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = settings.ProbeTimeout;
                membership.NumMissedProbesLimit = 2;
                membership.TableRefreshTimeout = settings.LookEvery;
            });
            silo.Configure<HostOptions>(hosting => hosting.ShutdownTimeout = settings.DrainWithin + TimeSpan.FromSeconds(5));
            silo.Configure<SiloMessagingOptions>(messaging =>
            {
                // Above it callers are told to come again, as they are when the journal's queue is full.
                messaging.MaxEnqueuedRequestsHardLimit = settings.MostQueuedPerActor;
                messaging.ResponseTimeout = settings.AnswerWithin;
            });
            if (settings.Postgres is { } postgres)
            {
                silo.UsePostgresCluster(postgres);
                silo.ConfigureEndpoints(siloPort, gatewayPort, listenOnAnyHostAddress: true);
                if (settings.AdvertisedAddress is { } address)
                    silo.Configure<EndpointOptions>(endpoints => endpoints.AdvertisedIPAddress = IPAddress.Parse(address));
            }
            else
            {
                silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: settings.ServiceId, clusterId: settings.ClusterId);
            }
        });
}
