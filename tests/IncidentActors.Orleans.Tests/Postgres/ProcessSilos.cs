using IncidentActors.Behaviour;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Journal.Postgres;
using IncidentActors.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IncidentActors.Orleans.Tests.Postgres;

/// <summary>Three server processes, each a silo, on one database, and a client outside of them that knows grain interfaces only.</summary>
internal sealed class ProcessSilos : IBench
{
    private readonly ServerProcess[] silos;
    private readonly IHost client;

    /// <summary>Where no silo is lost a call is answered, however busy the machine is that they share.</summary>
    public static readonly TimeSpan Patient = TimeSpan.FromSeconds(120);

    private ProcessSilos(string database, TimeSpan? answerWithin)
    {
        silos = [.. Enumerable.Range(0, 3).Select(_ => new ServerProcess(
            "--engine", "orleans", "--journal", database, "--silo-address", "127.0.0.1", "--silo-port", "0", "--gateway-port", "0"))];
        Journal = new PostgresJournal(database);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient(orleans =>
        {
            orleans.AddIncidentClient().UsePostgresCluster(database);
            orleans.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = new OrleansSettings().ClusterId);
            if (answerWithin is { } patience) orleans.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = patience);
        });
        client = builder.Build();
    }

    public IActorDirectory Actors => Directory;
    public IJournal Journal { get; }
    public int Nodes => silos.Length;
    public IReadOnlyList<ServerProcess> Silos => silos;
    public OrleansDirectory Directory => client.Services.GetRequiredService<OrleansDirectory>();

    /// <param name="answerWithin">The client's patience with a call; null: as a service's client has it.</param>
    public static async Task<ProcessSilos> StartAsync(TimeSpan? answerWithin = null)
    {
        var bench = new ProcessSilos(await PostgresServer.Shared.CreateDatabaseAsync(), answerWithin);
        foreach (var silo in bench.silos) await silo.StartAsync();
        await bench.Journal.OpenAsync(CancellationToken.None);
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
        using var patience = new CancellationTokenSource(time + TimeSpan.FromSeconds(120));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (DateTimeOffset.UtcNow < until || (await ((IJournalFigures)Journal).FiguresAsync(until, patience.Token)).EffectsDue > 0)
            await look.WaitForNextTickAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await client.StopAsync();
        client.Dispose();
        await Journal.DisposeAsync();
        foreach (var silo in silos) await silo.DisposeAsync();
    }
}
