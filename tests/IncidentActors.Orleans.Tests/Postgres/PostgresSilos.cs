using IncidentActors.Testing;
using IncidentActors.Journal.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IncidentActors.Orleans.Tests.Postgres;

/// <summary>Three hosts as a server makes them, on one database, each with a journal of its own; they and the client find each other there.</summary>
internal sealed class PostgresSilos : ClusterBench
{
    private readonly string database;
    private readonly IHost client;

    private PostgresSilos(string database)
        : base(() => new PostgresJournal(database))
    {
        this.database = database;
        var builder = Quiet(Host.CreateApplicationBuilder());
        builder.UseOrleansClient(orleans => orleans
            .AddIncidentClient()
            .UsePostgresCluster(database)
            .Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = new OrleansSettings().ClusterId));
        client = builder.Build();
    }

    public List<IHost> Silos { get; } = [];
    public override int Nodes => Silos.Count;
    public override OrleansDirectory Directory => client.Services.GetRequiredService<OrleansDirectory>();

    public static async Task<PostgresSilos> StartAsync()
    {
        var silos = new PostgresSilos(await PostgresServer.Shared.CreateDatabaseAsync());
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => silos.StartSiloAsync()));
        await silos.client.StartAsync();
        return silos;
    }

    public async Task<IHost> StartSiloAsync()
    {
        var builder = Quiet(Host.CreateApplicationBuilder());
        builder.AddOrleansEngine(Connect(), Options, new OrleansSettings
        {
            Postgres = database,
            AdvertisedAddress = "127.0.0.1",
            SiloPort = Ports.Free(),
            GatewayPort = Ports.Free(),
        });
        var silo = builder.Build();
        await silo.StartAsync();
        lock (Silos) Silos.Add(silo);
        return silo;
    }

    public override async ValueTask DisposeAsync()
    {
        await client.StopAsync();
        client.Dispose();
        await Task.WhenAll(Silos.Select(silo => silo.StopAsync()));
        foreach (var silo in Silos) silo.Dispose();
        await base.DisposeAsync();
    }

    private static HostApplicationBuilder Quiet(HostApplicationBuilder builder)
    {
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        return builder;
    }
}
