using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Policies;
using IncidentActors.Core.Routes;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Decisions;

/// <summary>
/// Other actors' states as of this turn. Whatever is looked at is guarded: the commit fails, and the decision is made again,
/// when it has changed meanwhile.
/// </summary>
public interface IActors
{
    /// <summary>The state; null if there is no such actor.</summary>
    IActorState? Get(ActorId actor);

    /// <summary>What the knowledge base has on a declaration's words, the most similar first. Not guarded: an entry written meanwhile spoils nothing.</summary>
    ImmutableArray<SimilarIncident> Similar(ImmutableArray<string> words);
}

/// <summary>All that a decision may look at besides its own actor's state and the command.</summary>
public sealed record World(Call Call, Policy Policy, Roster Roster, FlowSet Flows, IActors Actors)
{
    /// <summary>What becomes of alerts and declarations, and what halts without asking (seed 003).</summary>
    public RouteSet Routes { get; init; } = RouteSet.Shipped;

    public RunbookSet Runbooks { get; init; } = RunbookSet.Shipped;

    /// <summary>What may be done outside the journal.</summary>
    public PermitPolicy Permits { get; init; } = PermitPolicy.Shipped;

    /// <summary>Halts that require agents to acknowledge a briefing after the lift, and that are lifted wholly or in part.</summary>
    public IReadOnlyCollection<HaltRecord> Briefings { get; init; } = [];

    /// <summary>The caller in its session.</summary>
    public AgentInfo Caller => Call.BySystem
        ? new AgentInfo(Handle.System, [])
        : Shown(Known) with { Override = Call.Override?.Trim(), Person = Roster.Find(Call.By)?.Person == true };

    private AgentInfo Known => Actors.Get(ActorId.Agent(Call.By)) is AgentState agent
        ? agent.Info(Call.Session) with { Owes = agent.OwedBriefings(Briefings).FirstOrDefault() }
        : Listed(Call.By) ?? new AgentInfo(Call.By, Roster.RolesOf(Call.By));

    /// <summary>A known agent; null if it is neither registered, nor in the roster, nor the caller (whom the turn makes known).</summary>
    public AgentInfo? Agent(string handle) =>
        Handle.IsReserved(handle) ? null : handle == Call.By ? Caller : Listed(handle) ?? (Actors.Get(ActorId.Agent(handle)) as AgentState)?.Info("");

    public IncidentState? Incident(string? id) => id is null ? null : Actors.Get(ActorId.Incident(id)) as IncidentState;

    /// <summary>The incident with the decision's changes so far; null if it does not exist.</summary>
    internal IncidentState? Incident(string id, Decision decision) => decision.EventsOf(ActorId.Incident(id)).Aggregate(
        Incident(id), (incident, one) => IncidentState.Evolve(id, incident, new RecordedEvent(one, Call.At, Call.By)));

    /// <summary>The halt with the decision's changes so far; null if it does not exist.</summary>
    internal HaltState? Halt(string id, Decision decision) => decision.EventsOf(ActorId.Halt(id)).Aggregate(
        Actors.Get(ActorId.Halt(id)) as HaltState, (halt, one) => HaltState.Evolve(id, halt, new RecordedEvent(one, Call.At, Call.By)));

    /// <summary>What the access token says goes before what is known of the handle.</summary>
    private AgentInfo Shown(AgentInfo known) =>
        known with { Roles = Call.Roles ?? known.Roles, Team = Call.Team ?? known.Team };

    private AgentInfo? Listed(string handle) =>
        Roster.Find(handle) is { } member ? new AgentInfo(member.Handle, member.Roles, member.Team) : null;
}
