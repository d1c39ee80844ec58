using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Policies;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Decisions;

/// <summary>
/// Other actors' states as of this turn. Whatever is looked at is guarded: the commit fails, and the decision is made again,
/// when it has changed meanwhile.
/// </summary>
public interface IActors
{
    /// <summary>The state, or null: no such actor.</summary>
    IActorState? Get(ActorId actor);

    /// <summary>What the knowledge base has on a declaration's words, the most similar first. Not guarded: an entry written meanwhile spoils nothing.</summary>
    ImmutableArray<SimilarIncident> Similar(ImmutableArray<string> words);
}

/// <summary>All that a decision may look at besides its own actor's state and the command.</summary>
public sealed record World(Call Call, Policy Policy, Roster Roster, FlowSet Flows, IActors Actors)
{
    /// <summary>What halts without asking (seed 003).</summary>
    public ConditionSet Conditions { get; init; } = ConditionSet.Shipped;

    public RunbookSet Runbooks { get; init; } = RunbookSet.Shipped;

    /// <summary>The caller in its session.</summary>
    public AgentInfo Caller => Call.BySystem
        ? new AgentInfo(Handle.System, [])
        : Shown(Known) with { Override = Call.Override?.Trim() };

    private AgentInfo Known =>
        (Actors.Get(ActorId.Agent(Call.By)) as AgentState)?.Info(Call.Session) ?? Listed(Call.By) ?? new AgentInfo(Call.By, Roster.RolesOf(Call.By));

    /// <summary>A known agent, or null: neither registered nor in the roster, nor the caller, who becomes known by the turn.</summary>
    public AgentInfo? Agent(string handle) =>
        Handle.IsReserved(handle) ? null : handle == Call.By ? Caller : Listed(handle) ?? (Actors.Get(ActorId.Agent(handle)) as AgentState)?.Info("");

    public IncidentState? Incident(string? id) => id is null ? null : Actors.Get(ActorId.Incident(id)) as IncidentState;

    /// <summary>What the access token says goes before what is known of the handle.</summary>
    private AgentInfo Shown(AgentInfo known) =>
        known with { Roles = Call.Roles ?? known.Roles, Team = Call.Team ?? known.Team };

    private AgentInfo? Listed(string handle) =>
        Roster.Find(handle) is { } member ? new AgentInfo(member.Handle, member.Roles, member.Team) : null;
}
