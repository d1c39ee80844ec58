using IncidentActors.Client;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Storage.Postgres;
using IncidentActors.Silo;
using IncidentActors.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IncidentActors.Benchmarks.Orleans;

/// <summary>Three silos with sockets between them on one PostgreSQL, and a client outside.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly List<IStore> journals = [];
    private readonly List<IHost> hosts = [];

    /// <summary>Calls from inside the first silo: its gateway lets clients reach the grains of the product only.</summary>
    public IGrainFactory Inside => hosts[0].Services.GetRequiredService<IGrainFactory>();

    public ClusterActors Actors { get; private set; } = null!;
    public IReadOnlyList<TurnExecutor> Turns => [.. hosts.Select(host => host.Services.GetService<TurnExecutor>()).OfType<TurnExecutor>()];

    public static async Task<Cluster> StartAsync()
    {
        var cluster = new Cluster();
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await NaiveStorage.CreateAsync(database);
        for (var silo = 0; silo < 3; silo++) await cluster.StartSiloAsync(database);
        var builder = Quiet();
        builder.UseOrleansClient(client => client
            .AddIncidentClient()
            .UsePostgresCluster(database)
            .Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = new SiloSettings().ClusterId));
        var host = await cluster.StartAsync(builder);
        cluster.Actors = host.Services.GetRequiredService<ClusterActors>();
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts.AsEnumerable().Reverse())
        {
            await host.StopAsync();
            host.Dispose();
        }

        foreach (var journal in journals) await journal.DisposeAsync();
    }

    /// <summary>Does something for each number below <paramref name="count"/>, so many at a time.</summary>
    public static Task ForEachAsync(int count, int atOnce, Func<int, Task> work) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (number, _) => await work(number));

    private async Task StartSiloAsync(string database)
    {
        var journal = new PostgresStore(database);
        await journal.OpenAsync(CancellationToken.None);
        journals.Add(journal);
        var builder = Quiet();
        builder.UseOrleans(silo => silo.AddNaiveStorage(database));
        builder.AddSilo(journal, new EngineOptions(), new SiloSettings
        {
            Postgres = database,
            SiloPort = 0,
            GatewayPort = 0,
            ResponseTimeout = TimeSpan.FromMinutes(5),
            ProbeTimeout = TimeSpan.FromSeconds(30),
            CollectionAge = TimeSpan.FromHours(1),
        });
        await StartAsync(builder);
    }

    private async Task<IHost> StartAsync(HostApplicationBuilder builder)
    {
        var host = builder.Build();
        await host.StartAsync();
        hosts.Add(host);
        return host;
    }

    private static HostApplicationBuilder Quiet()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        return builder;
    }
}
