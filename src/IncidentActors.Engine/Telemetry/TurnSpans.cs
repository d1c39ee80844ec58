using System.Collections.Immutable;
using System.Diagnostics;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Permits;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace IncidentActors.Engine.Telemetry;

/// <summary>Which spans a committed turn gives: only work of incidents, and halts.</summary>
internal static class TurnSpans
{
    public static IEnumerable<SpanDraft> Of(CommittedTurn turn)
    {
        foreach (var (actor, one) in turn.Decision.Events)
        {
            if (Of(turn, actor, one) is { } draft) yield return draft;
        }

        foreach (var actor in turn.Changed.Keys)
        {
            if (actor.Kind == ActorKind.Incident && Transition(turn, actor) is { } transition) yield return transition;
        }
    }

    private static SpanDraft? Of(CommittedTurn turn, ActorId actor, IEvent one) => actor.Kind switch
    {
        ActorKind.Incident => OfIncident(turn, actor, one),
        ActorKind.Atp when turn.After<AtpState>(actor) is { IncidentId: { } incident } atp => OfAtp(turn, atp, turn.Before<AtpState>(actor), incident, one),
        ActorKind.Halt => OfHalt(turn, turn.After<HaltState>(actor), one),
        ActorKind.Permit when one is PermitEnded { HaltId: { } halt } => PermitEnded(turn, turn.After<PermitState>(actor), halt),
        ActorKind.Approval when turn.After<ApprovalState>(actor) is { IncidentId: { } incident } approval => OfApproval(turn, approval, incident, one),
        _ => null,
    };

    /// <summary>The root of an incident's trace.</summary>
    public static SpanDraft Declared(IncidentState incident, DateTimeOffset end) =>
        new(SpanCatalogue.Declare.Name, Earlier(incident.DetectedAt, incident.DeclaredAt), end, null)
        {
            Anchors = ActorId.Incident(incident.Id),
            Tags =
            [
                new Tag(Names.Incident, incident.Id), new Tag(Names.Severity, incident.Severity.Name()),
                new Tag(Names.Category, incident.Category.ToString().ToLowerInvariant()), new Tag(Names.Source, incident.Source),
            ],
        };

    /// <summary>The root of a halt's part of a trace.</summary>
    public static SpanDraft Raised(HaltState halt, DateTimeOffset start, DateTimeOffset end) =>
        new(SpanCatalogue.HaltRaise.Name, start, end, halt.IncidentId is { } incident ? ActorId.Incident(incident) : null)
        {
            Anchors = ActorId.Halt(halt.Id),
            Tags =
            [
                new Tag(Names.Halt, halt.Id), new Tag(Names.Incident, halt.IncidentId), new Tag(Names.HaltScope, halt.Scope.ToString()),
                new Tag(Names.HaltCondition, halt.Condition), new Tag(Names.AgentName, halt.RaisedBy),
            ],
        };

    public static SpanDraft Confirmed(HaltRecord halt, string node, DateTimeOffset at) =>
        new(SpanCatalogue.HaltConfirm.Name, halt.RaisedAt, at, ActorId.Halt(halt.Id))
        {
            Tags = [new Tag(Names.Halt, halt.Id), new Tag(Names.Incident, halt.Incident), new Tag(Names.Node, node)],
        };

    private static SpanDraft PermitEnded(CommittedTurn turn, PermitState permit, string halt) =>
        new(SpanCatalogue.HaltPermit.Name, permit.GrantedAt, turn.EndedAt, ActorId.Halt(halt))
        {
            Tags =
            [
                new Tag(Names.Halt, halt), new Tag(Names.Incident, permit.IncidentId), new Tag(Names.Permit, permit.Id),
                new Tag(Names.PermitStep, permit.Status.ToString().ToLowerInvariant()), new Tag(Names.AgentName, permit.Holder),
            ],
        };

    private static SpanDraft? OfIncident(CommittedTurn turn, ActorId actor, IEvent one)
    {
        var after = turn.After<IncidentState>(actor);
        var before = turn.Before<IncidentState>(actor);
        return one switch
        {
            IncidentDeclared => Declared(after, turn.EndedAt) with { Link = turn.Call.Trace },
            IncidentAcknowledged when before is { AcknowledgedAt: null } =>
                Under(turn, SpanCatalogue.Acknowledge.Name, after.Id, after.DeclaredAt, new Tag(Names.AgentName, turn.Call.By)),
            IncidentOverdue overdue => Escalated(turn, after.Id, one, overdue.Clock, overdue.Step, null),
            _ => null,
        };
    }

    /// <summary>One for a turn, however many events led from status to status.</summary>
    private static SpanDraft? Transition(CommittedTurn turn, ActorId actor)
    {
        var after = turn.After<IncidentState>(actor);
        return turn.Before<IncidentState>(actor) is { } before && before.Status != after.Status
            ? Under(
                turn, SpanCatalogue.Transition.With(after.Status.Name()), after.Id, EnteredAt(before), new Tag(Names.Status, after.Status.Name()),
                new Tag(Names.PreviousStatus, before.Status.Name()), new Tag(Names.AgentName, turn.Call.By))
            : null;
    }

    private static SpanDraft? OfAtp(CommittedTurn turn, AtpState after, AtpState? before, string incident, IEvent one)
    {
        switch (one)
        {
            case AtpMoved moved:
                var since = before is { History: [.., var last] } ? last.At : turn.Call.At;
                var draft = Under(
                    turn, SpanCatalogue.AtpTransition.With(moved.To), incident, since, new Tag(Names.Atp, after.Id), new Tag(Names.Flow, after.Flow),
                    new Tag(Names.FlowRow, moved.Row), new Tag(Names.FlowTrigger, moved.Trigger), new Tag(Names.PreviousStatus, moved.From),
                    new Tag(Names.Status, moved.To), new Tag(Names.AgentName, turn.Call.By), new Tag(Names.Operation, "invoke_agent"));
                return moved.To == DeployedState
                    ? draft with { Tags = draft.Tags.Add(new Tag(Names.DeploymentId, after.Id)).Add(new Tag(Names.DeploymentStatus, "succeeded")) }
                    : draft;
            case MessageAcknowledged acked when before?.OpenMessages.GetValueOrDefault(acked.Number) is { RequiresAck: true } message:
                return Under(
                    turn, SpanCatalogue.Message.Name, incident, message.SentAt, new Tag(Names.Atp, after.Id), new Tag(Names.MessagingSystem, MessagingSystem),
                    new Tag(Names.MessagingOperation, "settle"), new Tag(Names.MessagingDestination, message.To),
                    new Tag(Names.MessageId, after.MessageId(acked.Number)), new Tag(Names.Priority, message.Priority.ToString()))
                    with { Kind = ActivityKind.Consumer };
            case AtpOverdue overdue:
                return Escalated(turn, incident, one, overdue.Clock, overdue.Times, after.Id);
            case MessageOverdue overdue:
                return Escalated(turn, incident, one, "acknowledge", overdue.Times, after.Id);
            default:
                return null;
        }
    }

    private static SpanDraft? OfHalt(CommittedTurn turn, HaltState halt, IEvent one) => one switch
    {
        HaltRaised => Raised(halt, turn.Call.At, turn.EndedAt) with
        {
            Link = turn.Call.Trace,
            Children = halt.Mode.IsEnforced()
                ? [Fence(turn, halt)]
                : [],
        },
        HaltLifted => new SpanDraft(SpanCatalogue.HaltLift.Name, halt.RaisedAt, turn.EndedAt, ActorId.Halt(halt.Id))
        {
            Link = turn.Call.Trace,
            Tags = [new Tag(Names.Halt, halt.Id), new Tag(Names.Incident, halt.IncidentId), new Tag(Names.AgentName, turn.Call.By)],
        },
        _ => null,
    };

    private static SpanDraft Fence(CommittedTurn turn, HaltState halt) => new(SpanCatalogue.HaltFence.Name, turn.CommitBeganAt, turn.EndedAt, null)
    {
        Tags = [new Tag(Names.Halt, halt.Id), new Tag(Names.Incident, halt.IncidentId)],
    };

    private static SpanDraft? OfApproval(CommittedTurn turn, ApprovalState approval, string incident, IEvent one) => one switch
    {
        ApprovalDecided or ApprovalVoided => Under(
            turn, SpanCatalogue.Approval.Name, incident, approval.AskedAt, new Tag(Names.Approval, approval.Id), new Tag(Names.Atp, approval.AtpId),
            new Tag(Names.ApprovalRole, approval.Role), new Tag(Names.ApprovalOutcome, NodeMetrics.OutcomeOf(approval)),
            new Tag(Names.AgentName, approval.DecidedBy)) with { Asker = ActorId.Approval(approval.Id) },
        ApprovalOverdue overdue => Escalated(turn, incident, one, "decide", overdue.Times, approval.AtpId),
        _ => null,
    };

    private static SpanDraft Escalated(CommittedTurn turn, string incident, IEvent one, string clock, int step, string? atp) => Under(
        turn, SpanCatalogue.Escalate.Name, incident, turn.Call.At, new Tag(Names.EscalationOf, NodeMetrics.EscalatedOf(one)),
        new Tag(Names.EscalationClock, clock), new Tag(Names.EscalationStep, step), new Tag(Names.Atp, atp));

    private static SpanDraft Under(CommittedTurn turn, string name, string incident, DateTimeOffset start, params ReadOnlySpan<Tag> tags) =>
        new(name, start, turn.EndedAt, ActorId.Incident(incident)) { Link = turn.Call.Trace, Tags = [new Tag(Names.Incident, incident), .. tags] };

    /// <summary>When the incident came into its status, as far as its state tells.</summary>
    private static DateTimeOffset EnteredAt(IncidentState incident) => incident.Status switch
    {
        IncidentStatus.Assessing => incident.Assessment?.At ?? incident.DeclaredAt,
        IncidentStatus.Mitigating when incident.Mitigations is [.., var last] => last.StartedAt,
        IncidentStatus.Monitoring => incident.MitigatedAt ?? incident.DeclaredAt,
        IncidentStatus.Resolved => incident.ResolvedAt ?? incident.DeclaredAt,
        _ => incident.DeclaredAt,
    };

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    /// <summary>The state by which the shipped flows call a finished deployment.</summary>
    private const string DeployedState = "Deployed";

    /// <summary><c>messaging.system</c> of messages between agents.</summary>
    public const string MessagingSystem = "incidentactors";

    /// <summary><c>messaging.system</c> of deliveries to the outside.</summary>
    public const string WebhookSystem = "webhook";
}
