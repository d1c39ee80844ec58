using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Incidents;

/// <summary>Severity may be raised by anyone on the incident, lowered only by the commander or the operator (SPEC §1).</summary>
internal static class IncidentSeverity
{
    public static Decision Change(IncidentState state, ChangeSeverity change, World world)
    {
        var caller = world.Caller;
        if (change.Severity == state.Severity) return new Decision();
        var lowers = change.Severity > state.Severity;
        if (lowers && caller.Handle != state.Commander && !caller.OutranksHalts)
            return Rejected.Role(Rules.SeverityLowered, $"Only {state.Commander} or the operator lowers the severity of {state.Id}.");
        return lowers || IncidentDecider.IsOn(state, caller) ? Changed(state, change.Severity, change.Reason, world) : IncidentDecider.NotOn(state, caller);
    }

    /// <summary>The severity with what follows from it: the clocks of the new severity, and for SEV-1 the halt.</summary>
    public static Decision Changed(IncidentState state, Severity severity, string? reason, World world)
    {
        var incident = IncidentBrief.Of(state) with { Severity = severity };
        var lowered = severity > state.Severity ? Severities.Higher(state.Severity, state.Refuted ?? state.Severity) : (Severity?)null;
        var decision = IncidentDecider.Happens(state, new IncidentSeverityChanged(state.Severity, severity, reason, lowered));
        if (state.AcknowledgedAt is null && state.Status.IsOngoing())
        {
            decision.Add(world.Policy.RespondWithin(severity) is { } within
                ? IncidentClock.Start(world, incident, IncidentDecider.RespondClock, Later(state.DeclaredAt + within, world.Call.At))
                : new StopClock(ActorId.Incident(state.Id), IncidentDecider.RespondClock));
        }

        if (severity <= Severity.Sev2 && state.Severity > Severity.Sev2 && state.Status.IsOngoing() && state.Assessment?.Complete != true)
            decision.Add(IncidentClock.Start(world, incident, IncidentDecider.AssessClock, world.Call.At + world.Policy.AssessWithin));
        if (severity < state.Severity && state.Status.IsOngoing()) Hands.Call(world, decision, state, severity);
        if (severity == Severity.Sev1 && state.Status.IsOngoing()) Declaration.Halt(world, decision, incident);
        AskByPath(state, world, decision);
        return decision;
    }

    /// <summary>Rows of its work may exist for some severities only: those that exist now ask, the others ask no more.</summary>
    private static void AskByPath(IncidentState state, World world, Decision decision)
    {
        foreach (var id in state.Atps)
        {
            if (world.Actors.Get(ActorId.Atp(id)) is AtpState { Finished: false } atp
                && world.Flows.Find(atp.Flow, atp.FlowVersion)?.From(atp.Status).Any(row => !row.Requires.Severities.IsEmpty) == true)
                AtpApprovals.SeverityChanged(new AtpTurn(world, id, atp, decision), state.Severity);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
