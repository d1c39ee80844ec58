using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Engine.Atps;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Knowledge;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Engine.Metrics;
using IncidentActors.Engine.Records;
using IncidentActors.Engine.Turns;
using IncidentActors.Orleans;
using IncidentActors.Server.Atps;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Events;
using IncidentActors.Server.Inbox;
using IncidentActors.Server.Runbooks;

namespace IncidentActors.Server.Hosting;

/// <summary>The engine that this server runs, whichever it is: where actors are reached, and what is read beside them.</summary>
public sealed class RunningEngine : IAsyncDisposable
{
    private readonly EmbeddedEngine engine;
    private readonly OrleansNode? node;
    private readonly KeySweep? sweep;

    private RunningEngine(
        EmbeddedEngine engine, OrleansNode? node, IJournal journal, EngineOptions options, ArtifactFiles files, RunbookRunner runbooks,
        ILogger log)
    {
        this.engine = engine;
        this.node = node;
        Journal = journal;
        Options = options;
        Files = files;
        Runbooks = runbooks;
        Log = log;
        Feed = new FeedSignal(journal);
        Leases = new InboxLeases(Records, options.Time);
        sweep = journal is IKeyRetention keys ? new KeySweep(keys, options, log) : null;
        Waits = new InboxWait(journal, Leases, Feed, options.Time);
    }

    /// <summary><c>embedded</c> or <c>orleans</c>.</summary>
    public string Kind => node is null ? Embedded : Cluster;

    /// <summary>Canceled when this node cannot go on: its cluster has taken it out.</summary>
    public CancellationToken Lost => node?.Lost ?? CancellationToken.None;

    public IActorDirectory Actors => node?.Actors ?? engine;
    public Declarations Declarations => engine.Declarations;
    public Creations Creations => engine.Creations;
    public KnowledgeBase Knowledge => new(engine.Turns);
    public MetricsReader Metrics => new(engine.Turns);

    /// <summary>This node's turns, for telemetry.</summary>
    internal Turns Turns => engine.Turns;
    public Dossiers Dossiers => new(engine.Turns);
    public IJournal Journal { get; }

    /// <summary>Documents beside the journal, in its own store.</summary>
    public IRecords Records => (IRecords)Journal;
    public IOpenCounts OpenCounts => (IOpenCounts)Journal;
    public EngineOptions Options { get; }

    /// <summary>Which session of a handle has which message of its inbox.</summary>
    public InboxLeases Leases { get; }

    /// <summary>Wakes whoever waits for messages.</summary>
    public InboxWait Waits { get; }
    public FeedSignal Feed { get; }
    public ArtifactFiles Files { get; }
    public ILogger Log { get; }

    internal const string Embedded = "embedded";
    internal const string Cluster = "orleans";

    /// <summary>What runs when nobody says which.</summary>
    public static string Default => OrleansHosting.Missing is null ? Cluster : Embedded;

    /// <summary>Runs runbooks on this node.</summary>
    public RunbookRunner Runbooks { get; }

    /// <summary>The options with the engine and the secret that they leave open: what is wrong about them is said before anything is opened.</summary>
    /// <exception cref="StartFailure">This program was built without the engine, or the secret is malformed.</exception>
    internal static ServerOptions Complete(ServerOptions options)
    {
        var kind = options.Engine ?? Default;
        if (kind == Cluster && OrleansHosting.Missing is { } why) throw new StartFailure(ExitCode.Arguments, why);
        return options with { Engine = kind, RunbookSecret = RunbookSecret(options) };
    }

    /// <param name="options">That are <see cref="Complete"/>.</param>
    /// <param name="journal">Open; the running engine's, but the caller's still where this throws.</param>
    /// <exception cref="StartFailure">The cluster is not to be had.</exception>
    internal static async Task<RunningEngine> StartAsync(
        ServerOptions options, EngineOptions settings, IJournal journal, ILoggerFactory logs, CancellationToken cancel)
    {
        var files = new ArtifactFiles(options.Data, logs.CreateLogger<ArtifactFiles>());
        var node = options.Engine == Cluster ? await JoinAsync(options, settings, journal, logs, cancel) : null;
        var engine = node?.Engine ?? new EmbeddedEngine(journal, settings, logs.CreateLogger("IncidentActors.Engine"));
        try
        {
            if (node is null) await engine.StartAsync(cancel);
            var runbooks = new RunbookRunner(engine, settings, new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, options.RunbookSecret!);
            return new RunningEngine(engine, node, journal, settings, files, runbooks, logs.CreateLogger("IncidentActors"));
        }
        catch
        {
            await StopAsync(engine, node);
            throw;
        }
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
            throw new StartFailure(ExitCode.Failed, $"The silo could not join the cluster: {error.Message}");
        }
    }

    private static string RunbookSecret(ServerOptions options)
    {
        var secret = options.RunbookSecret ?? Environment.GetEnvironmentVariable("INCIDENT_RUNBOOK_SECRET");
        if (secret is null) return WebhookSignature.NewSecret();
        return WebhookSignature.IsSecret(secret)
            ? secret
            : throw new StartFailure(ExitCode.Arguments, "INCIDENT_RUNBOOK_SECRET must be 'whsec_' and 24 to 64 bytes in base 64.");
    }

    /// <summary>Stops the dispatcher, lets queued turns be committed, closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (sweep is not null) await sweep.DisposeAsync();
        await Runbooks.DisposeAsync();
        await StopAsync(engine, node);
        await Journal.DisposeAsync();
    }

    private static ValueTask StopAsync(EmbeddedEngine engine, OrleansNode? node) => node?.DisposeAsync() ?? engine.DisposeAsync();
}
