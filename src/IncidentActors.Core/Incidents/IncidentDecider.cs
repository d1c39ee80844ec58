using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents.Lifecycle;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Core.Incidents;

/// <summary>Decisions about one incident: (state, command) → events and effects, or a named refusal.</summary>
public static class IncidentDecider
{
    /// <summary>Runs from declaration until a responder acknowledges.</summary>
    public const string RespondClock = "respond";

    /// <summary>Runs from declaration until the assessment's four questions are answered (seed 002 §2).</summary>
    public const string AssessClock = "assess";

    /// <summary>Runs from the start of a mitigation for the minutes that it is expected to take (seed 002 §3).</summary>
    public const string MitigationClock = "mitigation";

    /// <param name="state">Null: there is no such incident yet.</param>
    public static Decision Decide(string id, IncidentState? state, IncidentCommand command, World world)
    {
        if (OwnerOverride.Check(world.Caller) is { } refused) return refused;
        var decision = DecideByRules(id, state, command, world);
        if (decision.Rejected is { } rejected) return command is DeclareIncident ? rejected : OwnerOverride.Hint(rejected, world.Caller);
        IncidentHitl.Once(world, decision);
        return world.Caller.Override is { } reason && decision.Changes.Any()
            ? decision.Add(ActorId.Incident(id), new IncidentOverridden(OwnerOverride.NameOf(command), reason))
            : decision;
    }

    private static Decision DecideByRules(string id, IncidentState? state, IncidentCommand command, World world)
    {
        if (command is not (DeclareIncident or JoinAlerts or IncidentTimeIsUp) && TurnBoundary.Check(world.Caller) is { } ended) return ended;
        if (command is DeclareIncident declare) return Declare(id, state, declare, world);
        if (state is null) return Unknown(id);
        if (LifecycleTable.Check(state, command, world) is { } refused) return refused;
        return command switch
        {
            JoinAlerts join => IncidentAlerts.Join(state, join, world),
            FinishRun => RunbookDecider.Decide(state, command, world),
            IncidentTimeIsUp { Clock: var clock } when clock.StartsWith(RunbookDecider.Clock, StringComparison.Ordinal) =>
                RunbookDecider.TimeIsUp(state, clock[RunbookDecider.Clock.Length..]),
            SetLabels labels when labels.Labels.All(label => state.Labels.GetValueOrDefault(label.Key) == label.Value) => new Decision(),
            SetLabels labels => Record(state, new IncidentLabelsSet(labels.Labels)),
            NoteIncident note => Record(state, new IncidentNoted(note.Text)),
            IncidentTimeIsUp { Clock: IncidentHalts.Clock } => IncidentHalts.Remind(state, world),
            IncidentTimeIsUp time => IncidentClocks.Ring(state, time.Clock, world),
            ReopenIncident reopen => Reopening.Reopen(state, reopen, world),
            _ when !state.Open => Rejected.Conflict(Rules.IncidentClosed, $"{id} is {state.Status.Name()}, which is final; declare a related new incident."),
            AcknowledgeIncident acknowledge => Acknowledge(state, acknowledge),
            AssessIncident assess => IncidentResponse.Assess(state, assess, world),
            MitigateIncident mitigate => IncidentResponse.Mitigate(state, mitigate, world),
            ResolveIncident resolve => Resolution.Resolve(state, resolve, world),
            CloseIncident close => Closing.Close(state, close, world),
            CancelIncident cancel => Cancellation.Cancel(state, cancel, world),
            ProposeRun or DecideRun or StartRun => RunbookDecider.Decide(state, command, world),
            ChangeSeverity change => IncidentSeverity.Change(state, change, world),
            RecategorizeIncident change => Recategorization.Decide(state, change, world),
            AddResponder add => AddResponder(state, add, world),
            ChangeCommander change => ChangeCommander(state, change, world),
            _ => throw new InvalidOperationException($"an incident cannot handle the command {command.GetType().Name}"),
        };
    }

    public static Rejected Unknown(string id) =>
        Rejected.Unknown(Rules.IncidentUnknown, $"There is no incident {id}.");

    /// <summary>The clocks of an incident that is over or answered.</summary>
    public static void StopClocks(Decision decision, string incidentId) =>
        decision.Add(new StopClock(ActorId.Incident(incidentId), RespondClock)).Add(new StopClock(ActorId.Incident(incidentId), AssessClock))
            .Add(new StopClock(ActorId.Incident(incidentId), MitigationClock));

    internal static Decision Record(IncidentState state, params ReadOnlySpan<IEvent> events) =>
        new Decision().Add(ActorId.Incident(state.Id), events);

    /// <summary>The commander, a responder, or somebody who outranks both.</summary>
    internal static bool IsOn(IncidentState state, AgentInfo caller) => state.Has(caller.Handle) || caller.OutranksHalts;

    private static Decision Declare(string id, IncidentState? state, DeclareIncident declare, World world)
    {
        if (state is not null) return Rejected.Conflict(Rules.IncidentStatus, $"{id} is declared already.");
        if (string.IsNullOrWhiteSpace(declare.Title))
            return Rejected.Malformed(Rules.ArgumentMissing, "An incident needs a title that says what is broken.");
        if (declare.StartedAt is { } started && started > world.Call.At.AddMinutes(5))
            return new Rejected(Rules.IncidentTimes, $"startedAt {started:u} lies in the future; it is the time of the first sign.");
        if (declare.StartedAt < FirstSign.Earliest)
        {
            return new Rejected(
                Rules.IncidentTimes, $"startedAt {declare.StartedAt:u} is too early to be a real time; leave it out if it is not known.");
        }

        if (IncidentAlerts.WrongClocks(declare.Alerts) is { } wrong) return wrong;
        if (declare.RelatedTo is { } related && world.Incident(related) is null) return Unknown(related);
        if (declare.Flow is { } flow && world.Flows.Find(flow) is null)
            return new Rejected(Rules.FlowUnknown, $"There is no flow '{flow}'.", [.. world.Flows.Latest.Select(known => known.Name)]);
        var decision = new Decision();
        Declaration.WithAtp(world, decision, id, declare);
        if (!declare.Alerts.IsEmpty || declare.Group is not null)
            decision.Add(ActorId.Incident(id), new IncidentAlertsJoined(declare.Group, declare.Alerts));
        return decision;
    }

    /// <summary>Somebody on the incident does, or did so at the sender of its alert.</summary>
    private static Decision Acknowledge(IncidentState state, AcknowledgeIncident acknowledge) => state.Unanswered
        ? Record(state, new IncidentAcknowledged(acknowledge.Notes)).Add(new StopClock(ActorId.Incident(state.Id), RespondClock))
        : new Decision();

    private static Decision AddResponder(IncidentState state, AddResponder add, World world)
    {
        if (world.Agent(add.Handle) is null) return AgentDecider.Unknown(add.Handle);
        return state.Has(add.Handle) ? new Decision() : Record(state, new IncidentResponderAdded(new Responder(add.Handle, add.Role)));
    }

    private static Decision ChangeCommander(IncidentState state, ChangeCommander change, World world)
    {
        if (world.Agent(change.Handle) is null) return AgentDecider.Unknown(change.Handle);
        var decision = new Decision();
        if (change.Handle == state.Commander) return decision;
        decision.Add(ActorId.Incident(state.Id), new IncidentCommanderChanged(state.Commander, change.Handle, change.Reason));
        if (!state.Responders.Any(responder => responder.Handle == change.Handle))
            decision.Add(ActorId.Incident(state.Id), new IncidentResponderAdded(new Responder(change.Handle, "commander")));
        return decision;
    }

    internal static Rejected NotOn(IncidentState state, AgentInfo caller) =>
        Rejected.Role(
            Rules.IncidentRole,
            $"{caller.Handle} is not a responder of {state.Id}; its commander {state.Commander} can add responders.",
            [.. state.Responders.Select(responder => responder.Handle)]);
}
