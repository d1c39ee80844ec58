using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Halts;

/// <summary>Raising and lifting. That nothing covered is committed afterwards is the journal's part, not decided here.</summary>
public static class HaltDecider
{
    public static string IdFrom(Call call) => $"HLT-{call.Seed}";

    public static Decision Decide(string id, HaltState? state, HaltCommand command, World world)
    {
        var caller = world.Caller;
        if (OwnerOverride.Check(caller) is { } refused) return refused;
        var decision = DecideByRules(id, state, command, caller, world.Incident(state?.IncidentId ?? (command as RaiseHalt)?.IncidentId), world);
        if (decision.Rejected is { } rejected) return OwnerOverride.Hint(rejected, caller);
        return caller.Override is { } reason && decision.Changes.Any()
            ? decision.Add(ActorId.Halt(id), new HaltOverridden(OwnerOverride.NameOf(command), reason))
            : decision;
    }

    private static Decision DecideByRules(
        string id, HaltState? state, HaltCommand command, AgentInfo caller, IncidentState? incident, World world) => command switch
    {
        RaiseHalt raise => Raise(id, state, raise, caller, incident, world),
        LiftHalt lift => Lift(id, state, lift, caller, incident, world),
        HaltTimeIsUp => HaltReview.Ring(id, state, world),
        _ => throw new InvalidOperationException($"a halt cannot handle the command {command.GetType().Name}"),
    };

    private static Decision Raise(string id, HaltState? state, RaiseHalt raise, AgentInfo caller, IncidentState? incident, World world)
    {
        if (state is not null)
            return Rejected.Conflict(Rules.HaltExists, $"{id} was raised by {state.RaisedBy} at {state.RaisedAt:u}; a new halt needs a new id.");
        if (string.IsNullOrWhiteSpace(raise.Reason))
            return Rejected.Malformed(Rules.ArgumentMissing, "A halt needs a reason. It is shown to everybody who is stopped.");
        if (raise.IncidentId is not null && incident is null) return IncidentDecider.Unknown(raise.IncidentId);
        if (incident is { Open: false })
            return Rejected.Conflict(Rules.IncidentClosed, $"{incident.Id} is {incident.Status.Name()}; a halt can only be raised for an open incident.");
        if (CheckRaiser(caller, incident?.Commander) is { } refused) return refused;

        var decision = new Decision().Add(
            ActorId.Halt(id),
            new HaltRaised(
                raise.Scope, raise.Reason.Trim(), null, raise.IncidentId, raise.Mode, SparesUrgent: false, incident?.Commander, raise.BriefingRequired));
        if (incident is not null) decision.Add(ActorId.Incident(incident.Id), new IncidentHaltJoined(id));
        if (raise.Mode == HaltMode.Enforce) HaltReview.Start(world, decision, id);
        return decision;
    }

    private static Decision Lift(string id, HaltState? state, LiftHalt lift, AgentInfo caller, IncidentState? incident, World world)
    {
        if (state is null) return Unknown(id);
        if (CheckLifter(state, caller, incident?.Commander) is { } refused) return refused;
        if (state.LiftedAt is { } at)
            return Rejected.Conflict(Rules.HaltLifted, $"{id} was lifted by {state.LiftedBy} at {at:u}.");
        if (lift.Scope is not { } scope || scope == state.Scope)
        {
            var lifted = new Decision().Add(ActorId.Halt(id), new HaltLifted(lift.Notes));
            HaltReview.Stop(world, lifted, id);
            return lifted;
        }

        if (state.Scope.Parts.FirstOrDefault(covered => scope.Parts.Any(part => part.Kind == covered.Kind && part != covered)) is { Value: not null })
        {
            return new Rejected(
                Rules.HaltScopeUnknown, $"{id} covers {state.Scope}; {scope} is not part of it.", [state.Scope.ToString()]);
        }

        return state.Lifts.Any(part => part.Scope == scope)
            ? Rejected.Conflict(Rules.HaltLifted, $"{id} is lifted for {scope} already.")
            : new Decision().Add(ActorId.Halt(id), new HaltLiftedPartly(scope, lift.Notes));
    }

    public static Rejected Unknown(string id) => Rejected.Unknown(Rules.HaltUnknown, $"There is no halt {id}.");

    /// <summary>Refuses a caller who may not raise a halt for the incident. Null: the caller may.</summary>
    /// <param name="commander">Commander of the incident that the halt is for; null if it is for none.</param>
    public static Rejected? CheckRaiser(AgentInfo caller, string? commander) => MayRaise(caller, commander)
        ? null
        : Rejected.Role(
            Rules.HaltRole,
            $"{caller.Handle} may not raise this halt; the operator and the incident's commander may, without an incident also pm. Or declare a SEV-1.");

    /// <summary>Refuses a caller who may not lift the halt. Null: the caller may.</summary>
    /// <param name="commander">The present commander of its incident; null if it has none.</param>
    public static Rejected? CheckLifter(HaltState state, AgentInfo caller, string? commander) =>
        MayLift(caller, commander ?? state.Commander) || RaisedByHand(state, caller)
            ? null
            : Rejected.Role(
                Rules.HaltRole,
                $"{caller.Handle} may not lift {state.Id}; the operator{(state.IncidentId is { } of ? $" or the commander of {of}" : "")} may.");

    /// <summary>The agent that raised a halt by hand may lift it.</summary>
    private static bool RaisedByHand(HaltState state, AgentInfo caller) => state.Condition is null && state.RaisedBy == caller.Handle;

    /// <summary>Whether the caller may raise a halt: who may lift it, and for a halt without an incident also the role pm.</summary>
    private static bool MayRaise(AgentInfo caller, string? commander) =>
        MayLift(caller, commander) || (commander is null && caller.Has(Roles.Pm));

    private static bool MayLift(AgentInfo caller, string? commander) => caller.OutranksHalts || caller.Handle == commander;
}
