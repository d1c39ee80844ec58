using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Engine.Tests.Simulation.Checkers;

/// <summary>
/// Invariant 4, by commit positions: no turn of a covered agent between a halt's raise and its lift. Whom a turn stands for is found
/// out here from its events and the states before it, not from what the engine said about it.
/// </summary>
internal static class HaltDominance
{
    public static IEnumerable<string> Check(World world)
    {
        foreach (var (entry, before) in world.Ledger.Walk())
        {
            if (Work(entry, before) is not { } work) continue;
            foreach (var halt in before.Values.OfType<HaltState>().Where(halt => halt is { Mode: HaltMode.Enforce, LiftedAt: null }))
            {
                if (!Covers(halt.Scope, work) || Exempt(halt, work) || halt.Lifts.Any(part => Covers(part.Scope, work))) continue;
                yield return $"{work.Agent} worked on {work.Atp ?? work.Incident?.Id} at position {entry.Position} on {entry.Node} "
                    + $"under {halt.Id} ({halt.Scope})";
            }
        }
    }

    /// <summary>What an agent that can be halted did in the turn; null: the system, somebody who outranks halts, or what is exempt.</summary>
    private static Done? Work(Entry entry, IReadOnlyDictionary<ActorId, IActorState> before)
    {
        var by = entry.Turn.By;
        var events = entry.Events.ToList();
        if (by is Handle.System or Handle.Alertmanager || events.Count == 0 || events.All(one => one.Actor.Kind == ActorKind.Agent)) return null;
        if (events.Any(one => one.Actor.Kind == ActorKind.Halt && one.Event is not HaltRaised { Condition: not null })
            || events.Any(one => one.Event is IncidentDeclared)) return null;
        var agent = before.GetValueOrDefault(ActorId.Agent(by)) as AgentState;
        var roles = agent?.Roles ?? World.Roster.RolesOf(by);
        if (roles.Contains(Roles.Operator) || roles.Contains(Roles.Owner)) return null;
        var team = agent is not null ? agent.Team : World.Roster.Find(by)?.Team;
        var home = events.First(one => one.Actor.Kind is ActorKind.Incident or ActorKind.Atp).Actor;
        if (home.Kind == ActorKind.Incident)
        {
            var state = (IncidentState)before[home];
            return new Done(by, team, null, state, state.Has(by), state.Severity <= Severity.Sev2);
        }

        var atp = before.GetValueOrDefault(home) as AtpState;
        var born = events.Select(one => one.Event).OfType<AtpCreated>().FirstOrDefault();
        var incident = (atp?.IncidentId ?? born?.IncidentId) is { } id ? (IncidentState)before[ActorId.Incident(id)] : null;
        var urgent = (atp?.Urgent ?? born!.Urgent) || incident is { Severity: <= Severity.Sev2, Status: < IncidentStatus.Resolved };
        return new Done(by, team, home.Key, incident, incident is not null && (atp is not null || incident.Has(by)), urgent);
    }

    private static bool Covers(HaltScope scope, Done work) => scope.Parts.All(part => part.Kind switch
    {
        HaltScopeKind.Team => work.Team == part.Value,
        HaltScopeKind.Agent => work.Agent == part.Value,
        _ => work.Atp == part.Value,
    });

    private static bool Exempt(HaltState halt, Done work) =>
        work.Serves && (work.Incident!.Id == halt.IncidentId || (halt.SparesUrgent && work.Urgent));

    /// <param name="Serves">It is work on the incident's own ATP, or a responder's work on the incident.</param>
    private sealed record Done(string Agent, string? Team, string? Atp, IncidentState? Incident, bool Serves, bool Urgent);
}
