using IncidentActors.Behaviour;
using IncidentActors.Client;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Storage.Postgres;
using IncidentActors.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IncidentActors.Silo.Tests.Postgres;

/// <summary>Three server processes, each a silo, on one database, and a client outside of them that knows grain interfaces only.</summary>
internal sealed class ProcessSilos : IBench
{
    private readonly ServerProcess[] silos;
    private readonly IHost client;

    private ProcessSilos(string database, IStore journal, TimeSpan? answerWithin)
    {
        silos = [.. Enumerable.Range(0, 3).Select(_ => new ServerProcess(
            "--journal", database, "--silo-port", "0", "--gateway-port", "0"))];
        Journal = journal;
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient(orleans =>
        {
            orleans.AddSealedClient(journal).UsePostgresCluster(database);
            orleans.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = new SiloSettings().ClusterId);
            if (answerWithin is { } patience) orleans.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = patience);
        });
        client = builder.Build();
    }

    public IActorDirectory Actors => Directory;
    public IStore Journal { get; }
    public int Nodes => silos.Length;
    public IReadOnlyList<ServerProcess> Silos => silos;
    public ClusterActors Directory => client.Services.GetRequiredService<ClusterActors>();

    /// <param name="answerWithin">The client's patience with a call; null: as a service's client has it.</param>
    public static async Task<ProcessSilos> StartAsync(TimeSpan? answerWithin = null)
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        var journal = new PostgresStore(database);
        await journal.OpenAsync(CancellationToken.None);
        var bench = new ProcessSilos(database, journal, answerWithin);
        foreach (var silo in bench.silos) await silo.StartAsync();
        await bench.client.StartAsync();
        return bench;
    }

    public Task<Outcome> DeclareAsync(DeclareIncident declare, Call call) => Directory.DeclareAsync(declare, call);

    /// <summary>
    /// Other processes have the machine's clock, which no test moves: this takes as long as it says, and until all that is due by then is
    /// applied: what a silo has only taken is not the next due any more.
    /// </summary>
    public async Task PassAsync(TimeSpan time)
    {
        var until = DateTimeOffset.UtcNow + time;
        await Eventually.RealTimeAsync(time);
        await Eventually.TrueAsync(
            async () => (await Journal.FiguresAsync(until, CancellationToken.None)).EffectsDue == 0, "the end of all effects that are due");
    }

    public async ValueTask DisposeAsync()
    {
        await client.StopAsync();
        client.Dispose();
        await Journal.DisposeAsync();
        foreach (var silo in silos) await silo.DisposeAsync();
    }
}
