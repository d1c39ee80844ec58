using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Engine.Atps;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Knowledge;
using IncidentActors.Engine.Metrics;
using IncidentActors.Server.Atps;

namespace IncidentActors.Server.Hosting;

/// <summary>The engine that this server runs, whichever it is: where actors are reached, and what is read beside them.</summary>
public sealed class RunningEngine : IAsyncDisposable
{
    private readonly EmbeddedEngine engine;

    private RunningEngine(EmbeddedEngine engine, IJournal journal, EngineOptions options, ArtifactFiles files, ILogger log)
    {
        this.engine = engine;
        Journal = journal;
        Options = options;
        Files = files;
        Log = log;
    }

    /// <summary><c>embedded</c> or <c>orleans</c>.</summary>
    public string Kind => "embedded";

    public IActorDirectory Actors => engine;
    public Declarations Declarations => engine.Declarations;
    public Creations Creations => engine.Creations;
    public KnowledgeBase Knowledge => new(engine.Turns);
    public MetricsReader Metrics => new(engine.Turns);
    public Dossiers Dossiers => new(engine.Turns);
    public IJournal Journal { get; }
    public EngineOptions Options { get; }
    public ArtifactFiles Files { get; }
    public ILogger Log { get; }

    /// <exception cref="StartFailure">The journal, a file, or the engine itself is not to be had.</exception>
    public static async Task<RunningEngine> StartAsync(ServerOptions options, ILoggerFactory logs, CancellationToken cancel)
    {
        if (options.Engine != "embedded")
            throw new StartFailure(ExitCode.Arguments, $"This build has no engine '{options.Engine}'; leave --engine out to use the embedded one.");
        var settings = Settings.Read(options);
        var journal = await Journals.OpenAsync(options, cancel);
        var engine = new EmbeddedEngine(journal, settings, logs.CreateLogger("IncidentActors.Engine"));
        await engine.StartAsync(cancel);
        return new RunningEngine(engine, journal, settings, new ArtifactFiles(options.Data, logs.CreateLogger<ArtifactFiles>()), logs.CreateLogger("IncidentActors"));
    }

    /// <summary>Stops the dispatcher, lets queued turns be committed, closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await Journal.DisposeAsync();
    }
}
