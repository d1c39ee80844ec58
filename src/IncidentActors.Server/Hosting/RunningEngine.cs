using System.Net.Sockets;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Engine.Atps;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Knowledge;
using IncidentActors.Engine.Metrics;
using IncidentActors.Engine.Records;
using IncidentActors.Orleans;
using IncidentActors.Server.Atps;

namespace IncidentActors.Server.Hosting;

/// <summary>The engine that this server runs, whichever it is: where actors are reached, and what is read beside them.</summary>
public sealed class RunningEngine : IAsyncDisposable
{
    private readonly EmbeddedEngine engine;
    private readonly IAsyncDisposable running;

    private RunningEngine(string kind, EmbeddedEngine engine, IActorDirectory actors, IAsyncDisposable running, IJournal journal, EngineOptions options)
    {
        this.engine = engine;
        this.running = running;
        Kind = kind;
        Actors = actors;
        Journal = journal;
        Options = options;
    }

    /// <summary><c>embedded</c> or <c>orleans</c>.</summary>
    public string Kind { get; }

    /// <summary>All actors: in this process, or over the cluster.</summary>
    public IActorDirectory Actors { get; }
    public Declarations Declarations => engine.Declarations;
    public Creations Creations => engine.Creations;
    public KnowledgeBase Knowledge => new(engine.Turns);
    public MetricsReader Metrics => new(engine.Turns);
    public Dossiers Dossiers => new(engine.Turns);
    public IJournal Journal { get; }

    /// <summary>Documents beside the journal, in its own store.</summary>
    public IRecords Records => (IRecords)Journal;
    public EngineOptions Options { get; }
    public required ArtifactFiles Files { get; init; }
    public required ILogger Log { get; init; }

    /// <exception cref="StartFailure">The journal, a file, or the engine itself is not to be had.</exception>
    public static async Task<RunningEngine> StartAsync(ServerOptions options, ILoggerFactory logs, CancellationToken cancel)
    {
        if (options.Engine == "orleans" && OrleansHosting.Missing is { } missing) throw new StartFailure(ExitCode.Arguments, missing);
        var settings = Settings.Read(options);
        var journal = await Journals.OpenAsync(options, cancel);
        try
        {
            var (engine, actors, running) = options.Engine == "orleans"
                ? await SiloAsync(journal, settings, options, logs, cancel)
                : await EmbeddedAsync(journal, settings, logs, cancel);
            return new RunningEngine(options.Engine, engine, actors, running, journal, settings)
            {
                Files = new ArtifactFiles(options.Data, logs.CreateLogger<ArtifactFiles>()),
                Log = logs.CreateLogger("IncidentActors"),
            };
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the dispatcher, lets queued turns be committed, closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await running.DisposeAsync();
        await Journal.DisposeAsync();
    }

    private static async Task<(EmbeddedEngine Engine, IActorDirectory Actors, IAsyncDisposable Running)> EmbeddedAsync(
        IJournal journal, EngineOptions settings, ILoggerFactory logs, CancellationToken cancel)
    {
        var engine = new EmbeddedEngine(journal, settings, logs.CreateLogger("IncidentActors.Engine"));
        await engine.StartAsync(cancel);
        return (engine, engine, engine);
    }

    /// <summary>Silos on one PostgreSQL are one cluster; on SQLite this process is all of it.</summary>
    private static async Task<(EmbeddedEngine Engine, IActorDirectory Actors, IAsyncDisposable Running)> SiloAsync(
        IJournal journal, EngineOptions settings, ServerOptions options, ILoggerFactory logs, CancellationToken cancel)
    {
        var silo = new OrleansSettings { Postgres = options.Journal, SiloPort = options.SiloPort, GatewayPort = options.GatewayPort, AdvertisedAddress = options.Advertise };
        try
        {
            var node = await OrleansNode.StartAsync(journal, settings, silo, logs, cancel);
            return (node.Engine, node.Actors, node);
        }
        catch (SocketException error)
        {
            throw new StartFailure(ExitCode.Address, $"{error.Message} The silo needs port {options.SiloPort} for the other silos and {options.GatewayPort} for clients; choose others with --silo-port and --gateway-port.");
        }
    }
}
