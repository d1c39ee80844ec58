using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Engine.Atps;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Knowledge;
using IncidentActors.Engine.Metrics;
using IncidentActors.Engine.Records;
using IncidentActors.Server.Atps;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Runbooks;

namespace IncidentActors.Server.Hosting;

/// <summary>The engine that this server runs, whichever it is: where actors are reached, and what is read beside them.</summary>
public sealed class RunningEngine : IAsyncDisposable
{
    private readonly EmbeddedEngine engine;

    private RunningEngine(EmbeddedEngine engine, IJournal journal, EngineOptions options, ArtifactFiles files, RunbookRunner runbooks, ILogger log)
    {
        this.engine = engine;
        Journal = journal;
        Options = options;
        Files = files;
        Runbooks = runbooks;
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

    /// <summary>Documents beside the journal, in its own store.</summary>
    public IRecords Records => (IRecords)Journal;
    public EngineOptions Options { get; }
    public ArtifactFiles Files { get; }
    public ILogger Log { get; }

    /// <summary>Runs runbooks on this node.</summary>
    public RunbookRunner Runbooks { get; }

    /// <exception cref="StartFailure">The journal, a file, or the engine itself is not to be had.</exception>
    public static async Task<RunningEngine> StartAsync(ServerOptions options, ILoggerFactory logs, CancellationToken cancel)
    {
        if (options.Engine != "embedded")
            throw new StartFailure(ExitCode.Arguments, $"This build has no engine '{options.Engine}'; leave --engine out to use the embedded one.");
        var settings = Settings.Read(options);
        var journal = await Journals.OpenAsync(options, cancel);
        var engine = new EmbeddedEngine(journal, settings, logs.CreateLogger("IncidentActors.Engine"));
        await engine.StartAsync(cancel);
        var runner = new RunbookRunner(engine, settings, new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, RunbookSecret(options));
        return new RunningEngine(engine, journal, settings, new ArtifactFiles(options.Data, logs.CreateLogger<ArtifactFiles>()), runner, logs.CreateLogger("IncidentActors"));
    }

    private static string RunbookSecret(ServerOptions options)
    {
        var secret = options.RunbookSecret ?? Environment.GetEnvironmentVariable("INCIDENT_RUNBOOK_SECRET");
        if (secret is null) return WebhookSignature.NewSecret();
        return WebhookSignature.IsSecret(secret) ? secret : throw new StartFailure(ExitCode.Arguments, "INCIDENT_RUNBOOK_SECRET must be 'whsec_' and 24 to 64 bytes in base 64.");
    }

    /// <summary>Stops the dispatcher, lets queued turns be committed, closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await Runbooks.DisposeAsync();
        await engine.DisposeAsync();
        await Journal.DisposeAsync();
    }
}
