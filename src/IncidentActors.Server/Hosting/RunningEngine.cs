using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Engine.Atps;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Knowledge;
using IncidentActors.Engine.Metrics;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Permits;
using IncidentActors.Engine.Records;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Atps;
using IncidentActors.Server.Events;
using IncidentActors.Server.Inbox;
using IncidentActors.Server.Runbooks;

namespace IncidentActors.Server.Hosting;

/// <summary>What tools and pages use: access to actors, and queries.</summary>
public sealed class RunningEngine(
    TurnExecutor turns, IActorDirectory actors, ActorViews views, IDeclarations declarations, Creations creations, INodes nodes, IStore journal,
    EngineOptions options, ArtifactFiles files, RunbookRunner runbooks, FeedSignal feed, InboxLeases leases, InboxWait waits, PermitWatch permitWatch,
    ILoggerFactory logs)
{
    public IActorDirectory Actors => actors;

    /// <summary>Actors as of the last commit.</summary>
    public ActorViews Views => views;
    public IDeclarations Declarations => declarations;
    public Creations Creations => creations;
    public KnowledgeBase Knowledge { get; } = new(turns, actors);
    public PermitBook Permits { get; } = new(turns);

    /// <summary>Notifies enforcement points that a permit has ended.</summary>
    public PermitWatch PermitWatch => permitWatch;
    public MetricsReader Metrics { get; } = new(turns);
    public Dossiers Dossiers { get; } = new(turns);

    /// <summary>This node's turns, for telemetry.</summary>
    internal TurnExecutor Turns => turns;
    public INodes Nodes => nodes;
    public IStore Journal => journal;

    /// <summary>Records, in the journal's store.</summary>
    public IRecords Records => journal;
    public EngineOptions Options => options;

    /// <summary>Which session of a handle has which message of its inbox.</summary>
    public InboxLeases Leases => leases;

    /// <summary>Wakes sessions that wait for messages.</summary>
    public InboxWait Waits => waits;
    public FeedSignal Feed => feed;
    public ArtifactFiles Files => files;
    public ILogger Log { get; } = logs.CreateLogger("IncidentActors");

    /// <summary>Runs runbooks on this node.</summary>
    public RunbookRunner Runbooks => runbooks;
}
