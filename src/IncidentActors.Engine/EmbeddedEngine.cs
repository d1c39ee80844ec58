using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Agents;
using IncidentActors.Engine.Atps;
using IncidentActors.Engine.Dispatch;
using IncidentActors.Engine.Halts;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Nodes;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Engine;

/// <summary>All actors in this process, on any journal. Needs nothing else; several embedded engines on one shared journal are safe.</summary>
public sealed class EmbeddedEngine : IActorDirectory, IAsyncDisposable
{
    private readonly Dispatcher dispatcher;
    private readonly IJournal journal;
    private readonly Heartbeat? heartbeat;

    public EmbeddedEngine(IJournal journal, EngineOptions options, ILogger log)
    {
        this.journal = journal;
        Turns = new Turns.Turns(journal, options);
        dispatcher = new Dispatcher(Turns, log);
        Declarations = new Declarations(Turns);
        Creations = new Creations(Turns);
        if (journal is IJournalSignals signals) signals.Signaled += OnSignal;
        if (journal is not INodeRegistry registry) return;
        heartbeat = new Heartbeat(Turns, registry, log);
        Turns.Nodes = new RegisteredNodes(Turns.Gate, options.Node, registry);
    }

    public Turns.Turns Turns { get; }
    public Declarations Declarations { get; }
    public Creations Creations { get; }

    /// <summary>Learns the active halts, then begins to apply effects. The journal must be open.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        await Turns.RefreshHaltsAsync(cancel);
        if (heartbeat is not null) await heartbeat.StartAsync(cancel);
        dispatcher.Start();
    }

    /// <summary>Looks for due effects now; never needed, at most sooner.</summary>
    public void Wake() => dispatcher.Wake();

    public IIncident Incident(string id) => new IncidentActor(id, Turns);
    public IAtp Atp(string id) => new AtpActor(id, Turns);
    public IAgent Agent(string handle) => new AgentActor(handle, Turns);
    public IHalt Halt(string id) => new HaltActor(id, Turns);

    private void OnSignal(JournalSignal signal)
    {
        if (signal == JournalSignal.Halt) _ = RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        try
        {
            await Turns.RefreshHaltsAsync(CancellationToken.None);
        }
        catch (JournalUnavailableException)
        {
            // The fence holds without it; the next signal or refusal reads again.
        }
    }

    /// <summary>Stops taking effects, lets queued turns be committed. The journal stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (journal is IJournalSignals signals) signals.Signaled -= OnSignal;
        await dispatcher.DisposeAsync();
        await Turns.DisposeAsync();
        if (heartbeat is not null) await heartbeat.DisposeAsync();
    }
}
