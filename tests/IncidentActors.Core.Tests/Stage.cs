using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Policies;
using IncidentActors.Core.Routes;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Tests;

/// <summary>Deciders by themselves: given what happened, a command gives events, clocks and tells. No engine, no journal, no fence.</summary>
internal sealed class Stage : IActors
{
    private readonly Dictionary<ActorId, IActorState> states = [];
    private int seeds;

    public Stage()
    {
    }

    /// <summary>Another stage where the same has happened; neither changes the other.</summary>
    public Stage(Stage other)
    {
        (Now, Policy, Roster, Flows, Routes, Runbooks, seeds) = (other.Now, other.Policy, other.Roster, other.Flows, other.Routes, other.Runbooks, other.seeds);
        foreach (var (actor, state) in other.states) states.Add(actor, state);
        foreach (var (clock, start) in other.Clocks) Clocks.Add(clock, start);
    }

    public DateTimeOffset Now { get; private set; } = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);
    public Policy Policy { get; init; } = new();
    public Roster Roster { get; init; } = RosterYaml.Shipped();
    public FlowSet Flows { get; init; } = FlowSet.Shipped;
    public PermitPolicy Permits { get; init; } = PermitPolicy.Shipped;

    /// <summary>What the next decisions on permits know.</summary>
    public PermitFacts Facts { get; set; } = new();

    /// <summary>When the callers of the next commands have signed in, or null: it is not known.</summary>
    public DateTimeOffset? SignedInAt { get; set; }
    public RouteSet Routes { get; init; } = RouteSet.Shipped;
    public RunbookSet Runbooks { get; init; } = RunbookSet.Shipped;
    public Dictionary<(ActorId Owner, string Name), StartClock> Clocks { get; } = [];

    /// <summary>The events of the last accepted command.</summary>
    public List<(ActorId Actor, IEvent Event)> Events { get; } = [];

    /// <summary>Told of every event as it happens.</summary>
    public Action<ActorId, RecordedEvent>? Recorded { get; set; }

    public IActorState? Get(ActorId actor) => states.GetValueOrDefault(actor);

    /// <summary>Nothing was ever learned here.</summary>
    public ImmutableArray<SimilarIncident> Similar(ImmutableArray<string> words) => [];

    public AtpState Atp(string id) => (AtpState)states[ActorId.Atp(id)];
    public IncidentState Incident(string id) => (IncidentState)states[ActorId.Incident(id)];
    public HaltState Halt(string id) => (HaltState)states[ActorId.Halt(id)];
    public AgentState Agent(string handle) => (AgentState)states[ActorId.Agent(handle)];
    public ApprovalState Approval(string id) => (ApprovalState)states[ActorId.Approval(id)];
    public IEnumerable<T> All<T>()
        where T : IActorState => states.Values.OfType<T>();

    /// <summary>Every decision of the command on the present states, without applying it.</summary>
    /// <param name="because">The caller's reason for overriding the rules, or null: they hold.</param>
    public Decision Decide(ActorId target, ICommand command, string by, string session = "", string? because = null)
    {
        var call = new Call { At = Now, By = by, Seed = $"{++seeds:D5}AAA", Session = session, Override = because, SignedInAt = SignedInAt };
        var world = new World(call, Policy, Roster, Flows, this) { Routes = Routes, Permits = Permits, Runbooks = Runbooks };
        var state = Get(target);
        return command switch
        {
            IncidentCommand of => IncidentDecider.Decide(target.Key, (IncidentState?)state, of, world),
            AtpCommand of => AtpDecider.Decide(target.Key, (AtpState?)state, of, world),
            HaltCommand of => HaltDecider.Decide(target.Key, (HaltState?)state, of, world),
            AgentCommand of => AgentDecider.Decide(target.Key, (AgentState?)state, of, call, Covering(target.Key), Open(target.Key), [], []),
            KnowledgeCommand of => KnowledgeDecider.Decide(target.Key, (KnowledgeState?)state, of, world),
            PermitCommand of => PermitDecider.Decide(target.Key, (PermitState?)state, of, world, Facts),
            _ => throw new InvalidOperationException($"no actor takes {command.GetType().Name}"),
        };
    }

    /// <summary>The command is accepted, and everything that follows from it happens.</summary>
    public Decision Do(ActorId target, ICommand command, string by, string session = "", string? because = null)
    {
        var decision = Decide(target, command, by, session, because);
        Assert.True(decision.Rejected is null, $"refused by {decision.Rejected?.Rule}: {decision.Rejected?.Sentence}");
        if (by != Handle.System) Events.Clear();
        Apply(decision, by);
        return decision;
    }

    public Decision Do(string atp, AtpCommand command, string by, string session = "") => Do(ActorId.Atp(atp), command, by, session);
    public Decision Do(string incident, IncidentCommand command, string by) => Do(ActorId.Incident(incident), command, by);
    public Decision Do(string halt, HaltCommand command, string by) => Do(ActorId.Halt(halt), command, by);
    public Decision Do(AgentCommand command, string by, string session = "") => Do(ActorId.Agent(by), command, by, session);

    public Rejected Refused(string rule, ActorId target, ICommand command, string by, string session = "", string? because = null)
    {
        var rejected = Decide(target, command, by, session, because).Rejected;
        Assert.Equal(rule, rejected?.Rule ?? "accepted");
        Assert.EndsWith(".", rejected!.Sentence, StringComparison.Ordinal);
        return rejected;
    }

    public Rejected Refused(string rule, string atp, AtpCommand command, string by, string session = "") =>
        Refused(rule, ActorId.Atp(atp), command, by, session);
    public Rejected Refused(string rule, string incident, IncidentCommand command, string by) => Refused(rule, ActorId.Incident(incident), command, by);
    public Rejected Refused(string rule, string halt, HaltCommand command, string by) => Refused(rule, ActorId.Halt(halt), command, by);

    /// <summary>Time passes; clocks ring in their order.</summary>
    public void Pass(TimeSpan time)
    {
        Events.Clear();
        var until = Now + time;
        while (Clocks.Values.Where(clock => clock.Due <= until).OrderBy(clock => clock.Due).FirstOrDefault() is { } next)
        {
            Clocks.Remove((next.Owner, next.Name));
            if (next.Due > Now) Now = next.Due;
            Do(next.Owner, next.Command, Handle.System);
        }

        Now = until;
    }

    private void Apply(Decision decision, string by)
    {
        foreach (var change in decision.Changes)
        {
            if (change.Actor.Kind == ActorKind.Agent && Get(change.Actor) is null && change.Events is not [AgentRegistered, ..])
                Apply(change.Actor, new AgentRegistered(change.Actor.Key, Roster.RolesOf(change.Actor.Key), null), by);
            foreach (var one in change.Events) Apply(change.Actor, one, by);
        }

        foreach (var effect in decision.Effects.OfType<StartClock>()) Clocks[(effect.Owner, effect.Name)] = effect;
        foreach (var effect in decision.Effects.OfType<StopClock>()) Stop(effect, decision);
        foreach (var effect in decision.Effects.OfType<SendCommand>()) Do(effect.To, effect.Command, Handle.System);
    }

    private void Apply(ActorId actor, IEvent one, string by)
    {
        var happened = new RecordedEvent(one, Now, by);
        if (one is not AgentRegistered) Events.Add((actor, one));
        Recorded?.Invoke(actor, happened);
        states[actor] = Folds.Evolve(actor, Get(actor), happened)!;
    }

    private void Stop(StopClock stop, Decision decision)
    {
        var effects = decision.Effects.ToList();
        var started = effects.FindLastIndex(effect => effect is StartClock start && (start.Owner, start.Name) == (stop.Owner, stop.Name));
        if (started <= effects.IndexOf(stop)) Clocks.Remove((stop.Owner, stop.Name));
    }

    private ImmutableArray<HaltRecord> Covering(string handle) =>
        [.. All<HaltState>().Select(halt => halt.Record()).OfType<HaltRecord>().Where(halt => halt.Covers(new Subject(handle)))];

    private ImmutableArray<string> Open(string handle) =>
        [.. All<AtpState>().Where(atp => !atp.Finished && atp.Owner == handle).OrderBy(atp => atp.WorkedSince).Select(atp => atp.Id)];
}

/// <summary>The fold of any actor's events.</summary>
internal static class Folds
{
    public static IActorState? Evolve(ActorId actor, IActorState? state, RecordedEvent happened) => actor.Kind switch
    {
        ActorKind.Incident => IncidentState.Evolve(actor.Key, (IncidentState?)state, happened),
        ActorKind.Atp => AtpState.Evolve(actor.Key, (AtpState?)state, happened),
        ActorKind.Agent => AgentState.Evolve((AgentState?)state, happened),
        ActorKind.Halt => HaltState.Evolve(actor.Key, (HaltState?)state, happened),
        ActorKind.Knowledge => KnowledgeState.Evolve((KnowledgeState?)state, happened),
        ActorKind.Permit => PermitState.Evolve(actor.Key, (PermitState?)state, happened),
        _ => ApprovalState.Evolve(actor.Key, (ApprovalState?)state, happened),
    };
}
