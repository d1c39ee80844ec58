using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Halts;

/// <summary>Raising and lifting (SPEC §4). That nothing covered is committed afterwards is the journal's part, not decided here.</summary>
public static class HaltDecider
{
    public static string IdFrom(Call call) => $"HLT-{call.Seed}";

    /// <param name="incident">The halt's incident, loaded; null when it has none.</param>
    public static Decision Decide(string id, HaltState? state, HaltCommand command, AgentInfo caller, IncidentState? incident)
    {
        if (Overriding.Check(caller) is { } refused) return refused;
        var decision = DecideByRules(id, state, command, caller, incident);
        if (decision.Rejected is { } rejected) return Overriding.Hint(rejected, caller);
        return caller.Override is { } reason && decision.Changes.Any()
            ? decision.Add(ActorId.Halt(id), new HaltOverridden(Overriding.NameOf(command), reason))
            : decision;
    }

    private static Decision DecideByRules(string id, HaltState? state, HaltCommand command, AgentInfo caller, IncidentState? incident) => command switch
    {
        RaiseHalt raise => Raise(id, state, raise, caller, incident),
        LiftHalt lift => Lift(id, state, lift, caller, incident),
        _ => throw new InvalidOperationException($"a halt has no command {command.GetType().Name}"),
    };

    private static Decision Raise(string id, HaltState? state, RaiseHalt raise, AgentInfo caller, IncidentState? incident)
    {
        if (state is not null)
            return Rejected.Conflict(Rules.HaltExists, $"{id} was raised by {state.RaisedBy} at {state.RaisedAt:u}; a new halt needs a new id.");
        if (string.IsNullOrWhiteSpace(raise.Reason))
            return Rejected.Malformed(Rules.ArgumentMissing, "A halt needs a reason: those who are stopped are told it.");
        if (raise.IncidentId is not null && incident is null) return IncidentDecider.Unknown(raise.IncidentId);
        if (incident is { Open: false })
            return Rejected.Conflict(Rules.IncidentClosed, $"{incident.Id} is {incident.Status.Name()}; a halt for it would have nothing to protect.");
        if (!MayRaise(caller, incident?.Commander))
        {
            return Rejected.Role(
                Rules.HaltRole,
                $"{caller.Handle} may not raise a halt; the operator and the incident's commander may. Declare an incident instead: a SEV-1 raises one.");
        }

        var decision = new Decision().Add(
            ActorId.Halt(id),
            new HaltRaised(raise.Scope, raise.Reason.Trim(), null, raise.IncidentId, raise.Mode, SparesUrgent: false, incident?.Commander));
        if (incident is not null) decision.Add(ActorId.Incident(incident.Id), new IncidentHaltJoined(id));
        return decision;
    }

    private static Decision Lift(string id, HaltState? state, LiftHalt lift, AgentInfo caller, IncidentState? incident)
    {
        if (state is null) return Unknown(id);
        if (!MayLift(caller, incident?.Commander ?? state.Commander))
        {
            return Rejected.Role(
                Rules.HaltRole,
                $"{caller.Handle} may not lift {id}; the operator{(state.IncidentId is { } of ? $" or the commander of {of}" : "")} may.");
        }

        if (state.LiftedAt is { } at)
            return Rejected.Conflict(Rules.HaltLifted, $"{id} was lifted by {state.LiftedBy} at {at:u}.");
        if (lift.Scope is not { } scope || scope == state.Scope)
            return new Decision().Add(ActorId.Halt(id), new HaltLifted(lift.Notes));
        if (state.Scope.Kind != HaltScopeKind.All)
        {
            return new Rejected(
                Rules.HaltScopeUnknown,
                $"{id} covers {state.Scope}; only a halt of everything can be lifted scope by scope.",
                [state.Scope.ToString()]);
        }

        return state.Lifts.Any(part => part.Scope == scope)
            ? Rejected.Conflict(Rules.HaltLifted, $"{id} is lifted for {scope} already.")
            : new Decision().Add(ActorId.Halt(id), new HaltLiftedPartly(scope, lift.Notes));
    }

    public static Rejected Unknown(string id) => Rejected.Unknown(Rules.HaltUnknown, $"There is no halt {id}.");

    /// <summary>Whoever may lift it; and a halt without an incident the default commander's role too, which cannot lift it again.</summary>
    private static bool MayRaise(AgentInfo caller, string? commander) =>
        MayLift(caller, commander) || (commander is null && caller.Has(Roles.Pm));

    private static bool MayLift(AgentInfo caller, string? commander) => caller.OutranksHalts || caller.Handle == commander;
}
