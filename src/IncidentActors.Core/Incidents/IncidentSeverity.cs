using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents.Lifecycle;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Incidents;

/// <summary>Severity may be raised by anyone on the incident, lowered only by the commander or the operator.</summary>
internal static class IncidentSeverity
{
    public static Decision Change(IncidentState state, ChangeSeverity change, World world) =>
        change.Severity == state.Severity ? new Decision() : Change(state, change, world, new Decision());

    /// <summary>The severity with what follows from it: clocks and calls; to SEV-1 the work and the halt; from SEV-1 back what the raise began.</summary>
    /// <param name="mayHalt">False if the signal that raises the severity must not halt anything.</param>
    public static Decision Change(IncidentState state, ChangeSeverity change, World world, Decision decision, bool mayHalt = true)
    {
        var (severity, reason) = (change.Severity, change.Reason);
        var lowered = severity > state.Severity ? Severities.Higher(state.Severity, state.Refuted ?? state.Severity) : (Severity?)null;
        decision.Add(ActorId.Incident(state.Id), new IncidentSeverityChanged(state.Severity, severity, reason, lowered));
        if (!state.Status.IsOngoing()) return decision;
        Clocks(state, severity, world, decision);
        if (severity == Severity.Sev1)
            Escalate(state, world, decision, mayHalt);
        else if (severity < state.Severity)
            ResponderNotifications.Call(world, decision, state, severity);
        if (state.Severity == Severity.Sev1) Lower(state, severity, reason, world, decision);
        AskByPath(state, world, decision);
        return decision;
    }

    private static void Clocks(IncidentState state, Severity severity, World world, Decision decision)
    {
        var incident = IncidentBrief.Of(state) with { Severity = severity };
        if (state.Unanswered)
        {
            decision.Add(world.Policy.RespondWithin(severity) is { } within
                ? IncidentClock.Start(world, incident, IncidentDecider.RespondClock, Later((state.ReopenedAt ?? state.DeclaredAt) + within, world.Call.At))
                : new StopClock(ActorId.Incident(state.Id), IncidentDecider.RespondClock));
        }

        if (severity > Severity.Sev2)
            decision.Add(new StopClock(ActorId.Incident(state.Id), IncidentDecider.AssessClock));
        else if (state.Severity > Severity.Sev2 && state.Assessment?.Complete != true)
            decision.Add(IncidentClock.Start(world, incident, IncidentDecider.AssessClock, world.Call.At + world.Policy.AssessWithin));
    }

    /// <summary>The work becomes a SEV-1's: an emergency begins, unless a response is running that owes a postmortem.</summary>
    private static void Escalate(IncidentState state, World world, Decision decision, bool mayHalt)
    {
        var halted = IncidentHalts.Active(world, decision, state).Any(halt => halt.Scope == HaltScope.All && halt.Record() is not null);
        if (!halted && mayHalt) Declaration.Halt(world, decision, IncidentBrief.Of(state) with { Severity = Severity.Sev1 });
        var running = ResponseWork.Open(world, decision, state);
        var answers = running.FirstOrDefault(turn => turn.Flow.Urgent && ResponseWork.OwesPostmortem(turn.Flow));
        var begun = answers is null ? ResponseWork.Begin(world, decision, state, Declaration.FlowOf(world, Severity.Sev1), running.FirstOrDefault()?.Id) : null;
        decision.Add(ActorId.Incident(state.Id), new IncidentEscalated(begun?.Id, halted ? null : decision.Facts.GetValueOrDefault("haltId")));
        if (answers is { State.Owner: { } owner } && owner != world.Call.By)
        {
            AtpMessages.Post(answers, new PostNotice(
                owner, MessageType.EmergencyDirective, Priority.P0, $"🚨 Raised to SEV-1: {state.Title}",
                $"{state.Id} is SEV-1 now. Drop all other work and go on with {answers.Id}.", RequiresAck: true));
        }

        ResponderNotifications.Call(begun ?? answers!, state.Title);
    }

    /// <summary>It is not a SEV-1: what the raise began is taken back unless its fix is in production, and the halts end.</summary>
    private static void Lower(IncidentState state, Severity severity, string? reason, World world, Decision decision)
    {
        var why = $"{state.Id} is lowered to {severity.Name()}{(reason is null ? "" : $": {reason}")}";
        var told = ParticipantNotices.Of(world, decision, state);
        if (state.EscalatedAtp is { } id && AtpTurn.Of(world, id, decision) is { Exists: true } begun && !ResponseWork.Deployed(begun, state))
            AtpEnding.Cancel(begun, why);
        IncidentHalts.EndOwn(world, decision, state, why);
        ParticipantNotices.Send(
            world, decision, state, told, Priority.P1, $"{severity.Name()}: {state.Title}",
            $"{why}. {world.Call.By} has taken back what the SEV-1 began; {state.Commander} commands.");
    }

    /// <summary>Updates the approvals of rows that exist only for some severities.</summary>
    private static void AskByPath(IncidentState state, World world, Decision decision)
    {
        foreach (var id in state.Atps)
        {
            var turn = AtpTurn.Of(world, id, decision);
            if (turn is { Exists: true, State.Finished: false } && turn.Flow.From(turn.State.Status).Any(row => !row.Requires.Severities.IsEmpty))
                AtpApprovals.SeverityChanged(turn, state.Severity);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
