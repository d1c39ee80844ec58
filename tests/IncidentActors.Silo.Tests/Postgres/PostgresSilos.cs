using IncidentActors.Client;
using IncidentActors.Testing;
using IncidentActors.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IncidentActors.Silo.Tests.Postgres;

/// <summary>Three hosts as a server makes them, on one database, each with a journal of its own; they and the client find each other there.</summary>
internal sealed class PostgresSilos : ClusterBench
{
    private readonly string database;
    private readonly IHost client;

    private PostgresSilos(string database)
        : base(() => new PostgresStore(database))
    {
        this.database = database;
        var builder = Quiet(Host.CreateApplicationBuilder());
        builder.UseOrleansClient(orleans => orleans
            .AddSealedClient(Journal)
            .Configure<ClientMessagingOptions>(calls => calls.ResponseTimeout = Patient)
            .UsePostgresCluster(database)
            .Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = new SiloSettings().ClusterId));
        client = builder.Build();
    }

    public List<IHost> Silos { get; } = [];
    public override int Nodes => Silos.Count;
    public override ClusterActors Directory => client.Services.GetRequiredService<ClusterActors>();

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
        builder.AddSilo(Connect(), NodeOptions(), new SiloSettings
        {
            Postgres = database,
            SiloPort = Ports.Free(),
            GatewayPort = Ports.Free(),
            ResponseTimeout = Patient,
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
