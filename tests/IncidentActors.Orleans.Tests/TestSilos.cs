using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace IncidentActors.Orleans.Tests;

/// <summary>A test cluster of three silos on one journal in memory.</summary>
internal sealed class TestSilos : ClusterBench
{
    private TestSilos(IJournal journal)
        : base(() => journal)
    {
        var builder = new InProcessTestClusterBuilder(3);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) => silo.AddOrleansEngine(Connect(), Options));
        builder.ConfigureClient(client => client.AddIncidentClient());
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Error));
        Cluster = builder.Build();
    }

    public InProcessTestCluster Cluster { get; }
    public override int Nodes => Cluster.Silos.Count;
    public override OrleansDirectory Directory => Cluster.Client.ServiceProvider.GetRequiredService<OrleansDirectory>();

    public static async Task<TestSilos> StartAsync(IJournal? journal = null)
    {
        var silos = new TestSilos(journal ?? new InMemoryJournal());
        await silos.Cluster.DeployAsync();
        return silos;
    }

    /// <summary>The engine of one silo.</summary>
    public EmbeddedEngine Engine(InProcessSiloHandle silo) => Cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<EmbeddedEngine>();

    public override async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await base.DisposeAsync();
    }
}
