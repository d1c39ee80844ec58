using IncidentActors.Client;
using IncidentActors.Testing;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;
using IncidentActors.Testing.Stores;

namespace IncidentActors.Silo.Tests;

/// <summary>A test cluster of three silos on one journal in memory.</summary>
internal sealed class TestSilos : ClusterBench
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The cluster's own set-up calls what clients may not.</summary>
    private bool outside;

    private TestSilos(IStore journal)
        : base(() => journal)
    {
        var builder = new InProcessTestClusterBuilder(3);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) => silo.AddActors(Connect(), NodeOptions()));
        builder.ConfigureClient(client => client
            .AddSealedClient(Journal, () => !outside)
            .AddOutgoingGrainCallFilter(async context =>
            {
                await context.Invoke();
                AfterCall?.Invoke(context);
            })
            .Configure<IncidentClientOptions>(options => options.PollInterval = PollInterval)
            .Configure<ClientMessagingOptions>(calls => calls.ResponseTimeout = Patient));
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Error));
        Cluster = builder.Build();
    }

    public InProcessTestCluster Cluster { get; }

    /// <summary>Called when a call of the client was answered; what it throws the client takes for the answer.</summary>
    public Action<IOutgoingGrainCallContext>? AfterCall { private get; set; }
    public override int Nodes => Cluster.Silos.Count;
    public override ClusterActors Directory => Cluster.Client.ServiceProvider.GetRequiredService<ClusterActors>();

    /// <param name="outside">The client is a service's, which the silos do not believe.</param>
    public static async Task<TestSilos> StartAsync(IStore? journal = null, bool outside = false)
    {
        var silos = new TestSilos(journal ?? new InMemoryStore());
        await silos.Cluster.DeployAsync();
        silos.outside = outside;
        return silos;
    }

    /// <summary>What the host of one silo has.</summary>
    public T Of<T>(InProcessSiloHandle silo)
        where T : notnull => Cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<T>();

    public override async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await base.DisposeAsync();
    }
}
