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
    private readonly OrleansNode? node;

    private RunningEngine(EmbeddedEngine engine, OrleansNode? node, IJournal journal, EngineOptions options, ArtifactFiles files, ILogger log)
    {
        this.engine = engine;
        this.node = node;
        Journal = journal;
        Options = options;
        Files = files;
        Log = log;
    }

    /// <summary><c>embedded</c> or <c>orleans</c>.</summary>
    public string Kind => node is null ? Embedded : Cluster;

    public IActorDirectory Actors => node?.Actors ?? engine;
    public Declarations Declarations => engine.Declarations;
    public Creations Creations => engine.Creations;
    public KnowledgeBase Knowledge => new(engine.Turns);
    public MetricsReader Metrics => new(engine.Turns);
    public Dossiers Dossiers => new(engine.Turns);
    public IJournal Journal { get; }

    /// <summary>Documents beside the journal, in its own store.</summary>
    public IRecords Records => (IRecords)Journal;
    public EngineOptions Options { get; }
    public ArtifactFiles Files { get; }
    public ILogger Log { get; }

    internal const string Embedded = "embedded";
    internal const string Cluster = "orleans";

    /// <summary>What runs when nobody says which.</summary>
    public static string Default => OrleansHosting.Missing is null ? Cluster : Embedded;

    /// <exception cref="StartFailure">The journal, a file, or the engine itself is not to be had.</exception>
    public static async Task<RunningEngine> StartAsync(ServerOptions options, ILoggerFactory logs, CancellationToken cancel)
    {
        var kind = options.Engine ?? Default;
        if (kind == Cluster && OrleansHosting.Missing is { } why) throw new StartFailure(ExitCode.Arguments, why);
        var settings = Settings.Read(options);
        var journal = await Journals.OpenAsync(options, cancel);
        var files = new ArtifactFiles(options.Data, logs.CreateLogger<ArtifactFiles>());
        var log = logs.CreateLogger("IncidentActors");
        if (kind == Cluster)
        {
            var node = await JoinAsync(options, settings, journal, logs, cancel);
            return new RunningEngine(node.Engine, node, journal, settings, files, log);
        }

        var engine = new EmbeddedEngine(journal, settings, logs.CreateLogger("IncidentActors.Engine"));
        await engine.StartAsync(cancel);
        return new RunningEngine(engine, null, journal, settings, files, log);
    }

    private static async Task<OrleansNode> JoinAsync(
        ServerOptions options, EngineOptions settings, IJournal journal, ILoggerFactory logs, CancellationToken cancel)
    {
        try
        {
            return await OrleansNode.StartAsync(journal, settings, options.Silo with { Postgres = options.Journal }, logs, cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            await journal.DisposeAsync();
            throw new StartFailure(ExitCode.Failed, $"The silo could not join the cluster: {error.Message}");
        }
    }

    /// <summary>Stops the dispatcher, lets queued turns be committed, closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (node is not null)
            await node.DisposeAsync();
        else
            await engine.DisposeAsync();
        await Journal.DisposeAsync();
    }
}
