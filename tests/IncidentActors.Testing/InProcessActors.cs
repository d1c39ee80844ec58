using System.Collections.Concurrent;
using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Engine;
using IncidentActors.Engine.Agents;
using IncidentActors.Engine.Atps;
using IncidentActors.Engine.Dispatch;
using IncidentActors.Engine.Halts;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Knowledge;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Turns;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Testing;

/// <summary>
/// One node's actors without a silo, for simulations, tests of the engine and benchmarks of the store: the product's turns, dispatcher and
/// actors, in a directory that does what grains do: one turn at a time per actor, its memory kept from turn to turn, and dropped when there
/// are too many. Several on one store are nodes that hear of each other's halts by the store's signals.
/// </summary>
public sealed class InProcessActors : IActorDirectory, IEffectTargets, INodes, IAsyncDisposable
{
    private readonly ConcurrentDictionary<ActorId, Actor> inMemory = new();
    private readonly ActorLocks locks = new();
    private readonly IStore journal;
    private readonly EngineOptions options;
    private readonly int maxInMemory;

    /// <param name="maxInMemory">Actors in memory; above it all of them are dropped, as idle grains are deactivated.</param>
    public InProcessActors(IStore journal, EngineOptions options, ILogger log, int maxInMemory = 100_000)
    {
        this.journal = journal;
        this.options = options;
        this.maxInMemory = maxInMemory;
        Turns = new TurnExecutor(journal, options);
        Dispatcher = new Dispatcher(Turns, this, log);
        Declarations = new Declarations(Turns, this);
        Creations = new Creations(Turns, this);
        journal.Signaled += OnSignal;
    }

    public TurnExecutor Turns { get; }
    public Dispatcher Dispatcher { get; }
    public Declarations Declarations { get; }
    public Creations Creations { get; }

    /// <summary>Learns the active halts, then begins to apply effects. The journal must be open.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        await Turns.RefreshHaltsAsync(cancel);
        Dispatcher.Start();
    }

    public IIncident Incident(string id) => new OneIncident(this, id);
    public IAtp Atp(string id) => new OneAtp(this, id);
    public IAgent Agent(string handle) => new OneAgent(this, handle);
    public IHalt Halt(string id) => new HaltActor(id, Turns, this);
    public IKnowledge Knowledge(string id) => new OneEntry(this, id);

    public Task<Outcome> ApplyAsync(ActorId target, EffectCommand effect) => target.Kind switch
    {
        ActorKind.Incident => TurnAsync(target, () => new IncidentActor(target.Key, Turns), incident => incident.ApplyAsync(effect)),
        ActorKind.Atp => TurnAsync(target, () => new AtpActor(target.Key, Turns), atp => atp.ApplyAsync(effect)),
        _ => UnplacedEffects.ApplyAsync(Turns, target, effect),
    };

    public ValueTask<ImmutableArray<NodeConfirmation>> OfAsync(string haltId)
    {
        var at = Turns.Gate.ConfirmedAt(haltId);
        return new([new NodeConfirmation(options.Node, at is not null, at)]);
    }

    public ValueTask<(int Alive, int Silent)> CountAsync() => new((1, 0));

    private async Task<T> TurnAsync<TActor, T>(ActorId id, Func<TActor> activate, Func<TActor, Task<T>> turn)
        where TActor : Actor
    {
        using var held = await locks.EnterAsync(id, CancellationToken.None);
        if (inMemory.Count > maxInMemory) inMemory.Clear();
        return await turn((TActor)inMemory.GetOrAdd(id, _ => activate()));
    }

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
        journal.Signaled -= OnSignal;
        await Dispatcher.DisposeAsync();
        await Turns.DisposeAsync();
    }

    private sealed class OneIncident(InProcessActors actors, string id) : IIncident
    {
        public Task<Outcome> DoAsync(IncidentCommand command, Call call) =>
            actors.TurnAsync(ActorId.Incident(id), () => new IncidentActor(id, actors.Turns), incident => incident.DoAsync(command, call));

        public Task<IncidentView?> GetAsync() => new IncidentActor(id, actors.Turns).GetAsync();
    }

    private sealed class OneAtp(InProcessActors actors, string id) : IAtp
    {
        public Task<Outcome> DoAsync(AtpCommand command, Call call) =>
            actors.TurnAsync(ActorId.Atp(id), () => new AtpActor(id, actors.Turns), atp => atp.DoAsync(command, call));

        public Task<AtpView?> GetAsync() => new AtpActor(id, actors.Turns).GetAsync();
    }

    private sealed class OneAgent(InProcessActors actors, string handle) : IAgent
    {
        public Task<Outcome> DoAsync(AgentCommand command, Call call) => TurnAsync(agent => agent.DoAsync(command, call));

        public Task<InboxAnswer> FetchInboxAsync(Call call, int limit) => TurnAsync(agent => agent.FetchInboxAsync(call, limit));

        public Task<InboxAnswer> PeekInboxAsync(Call call, int limit) => new AgentActor(handle, actors.Turns).PeekInboxAsync(call, limit);

        public Task<AgentView?> GetAsync() => new AgentActor(handle, actors.Turns).GetAsync();

        private Task<T> TurnAsync<T>(Func<AgentActor, Task<T>> turn) =>
            actors.TurnAsync(ActorId.Agent(handle), () => new AgentActor(handle, actors.Turns), turn);
    }

    private sealed class OneEntry(InProcessActors actors, string id) : IKnowledge
    {
        public Task<Outcome> DoAsync(KnowledgeCommand command, Call call) =>
            actors.TurnAsync(ActorId.Knowledge(id), () => new KnowledgeActor(id, actors.Turns), entry => entry.DoAsync(command, call));
    }
}
