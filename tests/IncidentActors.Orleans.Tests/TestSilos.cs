using IncidentActors.Behaviour;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace IncidentActors.Orleans.Tests;

/// <summary>Three silos on one journal, and a client outside of them; all calls go through grain interfaces.</summary>
internal sealed class TestSilos : IBench
{
    private readonly EffectWatch watch;
    private readonly ManualTime time = new();
    private int seeds;

    private TestSilos(IJournal journal)
    {
        watch = new EffectWatch(journal);
        var builder = new InProcessTestClusterBuilder(3);
        builder.Options.ConfigureFileLogging = false;
        var options = new EngineOptions { Time = time, Seeds = () => $"{Interlocked.Increment(ref seeds):D5}AAA", EffectLease = TimeSpan.FromDays(1000) };
        builder.ConfigureSilo((_, silo) => silo.AddOrleansEngine(watch, options));
        builder.ConfigureClient(client => client.AddIncidentClient());
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Error));
        Cluster = builder.Build();
    }

    public InProcessTestCluster Cluster { get; }
    public IActorDirectory Actors => Directory;
    public OrleansDirectory Directory => Cluster.Client.ServiceProvider.GetRequiredService<OrleansDirectory>();
    public IJournal Journal => watch;
    public int Nodes => Cluster.Silos.Count;

    public static async Task<TestSilos> StartAsync(IJournal? journal = null)
    {
        var silos = new TestSilos(journal ?? new InMemoryJournal());
        await silos.watch.OpenAsync(CancellationToken.None);
        await silos.Cluster.DeployAsync();
        return silos;
    }

    public Task<Outcome> DeclareAsync(DeclareIncident declare, Call call) => Directory.DeclareAsync(declare, call);

    public async Task PassAsync(TimeSpan passed)
    {
        var until = time.GetUtcNow() + passed;
        while (true)
        {
            await IdleAsync();
            var next = await watch.NextDueAsync(CancellationToken.None);
            if (next is null || next > until) break;
            time.Now = next.Value;
        }

        time.Now = until;
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await watch.DisposeAsync();
    }

    /// <summary>Until nothing is due and no silo works on an effect.</summary>
    private async Task IdleAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!watch.Idle || await watch.NextDueAsync(patience.Token) <= time.GetUtcNow()) await Task.Delay(10, patience.Token);
    }
}
