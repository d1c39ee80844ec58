using System.Collections.Frozen;
using System.Collections.Immutable;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using static IncidentActors.Engine.Telemetry.MetricInstrument;

namespace IncidentActors.Engine.Telemetry;

/// <summary>Every metric of a node, once. Figures of the journal are the same on all nodes that share it: take the maximum, not the sum.</summary>
public static class MetricCatalogue
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "IncidentActors";

    private static readonly ImmutableArray<double> Short = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly ImmutableArray<double> Long = [1, 5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 604800];
    private static readonly ImmutableArray<double> Sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500];

    // The journal's: read at most once in a few seconds.
    public static readonly Metric Incidents = new(
        "incident.open", Gauge, "{incident}",
        "Incidents that are not closed, by severity.", [Names.Severity]);
    public static readonly Metric Atps = new("incident.atp.open", Gauge, "{atp}", "ATPs that are not finished, by priority.", [Names.Priority]);
    public static readonly Metric EffectsDue = new(
        "incident.effects.due", Gauge, "{effect}",
        "Effects (commands between actors, clocks) that are due and not applied; those that a halt pauses are not due.", []);
    public static readonly Metric EffectsOldestAge = new(
        "incident.effects.oldest_age", Gauge, "s",
        "How long the oldest due effect has been due; 0 without any.", []);
    public static readonly Metric InboxUnread = new(
        "incident.inbox.unacknowledged", Gauge, "{message}",
        "Unacknowledged messages in all inboxes, by priority.", [Names.Priority]);
    public static readonly Metric InboxOldestAge = new(
        "incident.inbox.oldest_age", Gauge, "s",
        "Age of the oldest unacknowledged message, by priority; 0 without any.", [Names.Priority]);
    public static readonly Metric ApprovalsWaiting = new("incident.approvals.waiting", Gauge, "{approval}", "Approvals that are not decided.", []);
    public static readonly Metric ApprovalsOverdue = new(
        "incident.approvals.overdue", Gauge, "{approval}",
        "Approvals that were not decided in time and block their work.", []);
    public static readonly Metric HaltsActive = new("incident.halts.active", Gauge, "{halt}", "Halts that are enforced now.", []);
    public static readonly Metric HaltsUnconfirmed = new(
        "incident.halts.unconfirmed", Gauge, "{node}",
        "Nodes that have not confirmed an active halt, summed over the oldest 20 halts.", []);
    public static readonly Metric HaltsUnconfirmedAge = new(
        "incident.halts.unconfirmed_age", Gauge, "s",
        "For how long the oldest active halt has not been confirmed by every node; 0 when all have.", []);
    public static readonly Metric HaltsOutside = new(
        "incident.halts.outside", Gauge, "{permit}",
        "Outside actions that active halts have ended and that may still run: neither reported nor over by their time; 0 is quiet.", []);
    public static readonly Metric PermitsUnknown = new(
        "incident.permits.unknown", Gauge, "{permit}",
        "Outside actions with an unknown, unsettled outcome; at most 1000 are counted.", []);
    public static readonly Metric RehearsalAge = new(
        "incident.halt.rehearsal_age", Gauge, "s",
        "Time since the last rehearsal of a halt that passed; absent when none has.", []);
    public static readonly Metric HaltsOldestAge = new(
        "incident.halts.oldest_age", Gauge, "s", "Age of the oldest active halt; 0 without any.", []);
    public static readonly Metric Nodes = new(
        "incident.nodes", Gauge, "{node}",
        "Nodes of the cluster, by whether they answer within 2 s.", [Names.NodeState]);

    public static readonly Metric NodesLost = new(
        "incident.nodes.lost", Counter, "{node}",
        "Other nodes that left the cluster without a clean shutdown, as this node saw it.", []);

    // This node's.
    public static readonly Metric Ready = new("incident.node.ready", Gauge, "{node}", "1: this node can commit turns; 0: it cannot.", []);
    public static readonly Metric HeartbeatAge = new(
        "incident.node.heartbeat_age", Gauge, "s",
        "Time since this node last read the halts of the store, which it does every second.", []);
    public static readonly Metric QueueLength = new("incident.queue.length", Gauge, "{turn}", "Turns that wait to be committed on this node.", []);
    public static readonly Metric Turns = new(
        "incident.turns", Counter, "{turn}",
        "Turns taken, by what became of them: committed, unchanged, replayed, rejected, fenced, unavailable.", [Names.TurnResult]);
    public static readonly Metric Rejections = new(
        "incident.turns.rejected", Counter, "{turn}",
        "Turns that a rule refused, by the rule.", [Names.Rule]);
    public static readonly Metric Redactions = new(
        "incident.redactions", Counter, "{secret}",
        "Secrets in incoming texts that were not stored, by the rule that found them.", [Names.Rule]);
    public static readonly Metric TurnDuration = new(
        "incident.turn.duration", Histogram, "s",
        "From a command's arrival at its actor to its answer.", [], Short);
    public static readonly Metric CommitDuration = new(
        "incident.commit.duration", Histogram, "s",
        "One group commit in the store, by store.", [Names.DbSystem], Short);
    public static readonly Metric CommitSize = new("incident.commit.size", Histogram, "{turn}", "Turns in one group commit.", [], Sizes);
    public static readonly Metric HaltFence = new(
        "incident.halt.fence.duration", Histogram, "s",
        "From the command that raises a halt to the commit behind which no covered turn can be committed.", [], Short);
    public static readonly Metric HaltConfirmation = new(
        "incident.halt.confirmation.duration", Histogram, "s",
        "From the command that raised a halt to the moment when no covered turn was in flight on this node.", [], Short);
    public static readonly Metric ApprovalWait = new(
        "incident.approval.wait.duration", Histogram, "s",
        "From an approval's question to its answer, by outcome.", [Names.ApprovalOutcome], Long);
    public static readonly Metric Escalations = new(
        "incident.escalations", Counter, "{escalation}",
        "Escalations because a time ran out, by what the time belonged to.", [Names.EscalationOf]);
    public static readonly Metric Declared = new("incident.declared", Counter, "{incident}", "Incidents declared, by severity.", [Names.Severity]);
    public static readonly Metric TimeToDetect = new(
        "incident.time_to_detect", Histogram, "s",
        "From the first sign to the detection, by severity.", [Names.Severity], Long);
    public static readonly Metric TimeToAcknowledge = new(
        "incident.time_to_acknowledge", Histogram, "s",
        "From the declaration to the acknowledgement, by severity.", [Names.Severity], Long);
    public static readonly Metric TimeToMitigate = new(
        "incident.time_to_mitigate", Histogram, "s",
        "From the first sign to the mitigation, by severity.", [Names.Severity], Long);
    public static readonly Metric TimeToResolve = new(
        "incident.time_to_resolve", Histogram, "s",
        "From the first sign to the resolution, by severity.", [Names.Severity], Long);
    public static readonly Metric Permits = new(
        "incident.permits", Counter, "{permit}",
        "Permits for outside actions, by what happened to them: granted, renewed, done, failed, unknown, closed.", [Names.PermitStep]);
    public static readonly Metric AlertsRefused = new(
        "incident.alerts.refused", Counter, "{notification}",
        "Notifications of alert sources that were refused, by source and rule; sources do not send them again.", [Names.Source, Names.Rule]);
    public static readonly Metric DeliveriesWaiting = new(
        "incident.deliveries.waiting", Gauge, "{delivery}",
        "Webhook deliveries that are queued, of the subscriptions that this node works on.", []);
    public static readonly Metric DeliveriesFailing = new(
        "incident.deliveries.failing", Gauge, "{delivery}",
        "Queued webhook deliveries that have failed at least once, of the subscriptions that this node works on.", []);
    public static readonly Metric Deliveries = new(
        "incident.deliveries", Counter, "{delivery}",
        "Attempts to deliver a webhook, by outcome: delivered, failed (tried again later), dead (given up), gone (the receiver accepts no further deliveries).",
        [Names.DeliveryOutcome]);
    public static readonly Metric DeliveryDuration = new(
        "incident.delivery.duration", Histogram, "s",
        "One attempt to deliver a webhook.", [], Short);
    public static readonly Metric TokensCreated = new("incident.tokens.created", Counter, "{token}", "Access tokens that were made on this node.", []);
    public static readonly Metric TokensRevoked = new("incident.tokens.revoked", Counter, "{token}", "Access tokens that were revoked on this node.", []);
    public static readonly Metric AccessRefused = new(
        "incident.access.refused", Counter, "{request}",
        "Requests with refused credentials, by rule.", [Names.Rule]);
    public static readonly Metric SpansDropped = new(
        "incident.telemetry.dropped", Counter, "{span}",
        "Spans that were dropped because too many were queued.", []);

    public static readonly Metric SessionsEnded = new(
        "incident.sessions.ended", Counter, "{session}",
        "Sessions of other nodes that this one ended in the store, because they were frozen in the middle of a commit.", []);

    public static readonly ImmutableArray<Metric> All =
    [
        Incidents, Atps, EffectsDue, EffectsOldestAge, InboxUnread, InboxOldestAge, ApprovalsWaiting, ApprovalsOverdue,
        HaltsActive, HaltsUnconfirmed, HaltsUnconfirmedAge, HaltsOldestAge, HaltsOutside, PermitsUnknown, RehearsalAge, Nodes, NodesLost,
        Ready, HeartbeatAge, QueueLength, Turns, Rejections, Redactions, TurnDuration, CommitDuration, CommitSize, HaltFence, HaltConfirmation,
        ApprovalWait, Escalations, Declared, TimeToDetect, TimeToAcknowledge, TimeToMitigate, TimeToResolve,
        Permits, AlertsRefused, DeliveriesWaiting, DeliveriesFailing, Deliveries, DeliveryDuration,
        TokensCreated, TokensRevoked, AccessRefused, SpansDropped, SessionsEnded,
    ];

    /// <summary>Every value that a label can have, where the program knows them all.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<string>> Values = new Dictionary<string, ImmutableArray<string>>
    {
        [Names.Severity] = [.. Enum.GetValues<Severity>().Select(severity => severity.Name())],
        [Names.Priority] = [.. Enum.GetNames<Priority>()],
        [Names.NodeState] = ["alive", "silent"],
        [Names.TurnResult] = ["committed", "unchanged", "replayed", "rejected", "fenced", "unavailable"],
        [Names.ApprovalOutcome] = ["approved", "rejected", "timeout-approved", "timeout-rejected", "voided"],
        [Names.EscalationOf] = ["incident", "atp", "message", "approval"],
        [Names.PermitStep] = ["granted", "renewed", "done", "failed", "unknown", "closed"],
        [Names.DeliveryOutcome] = ["delivered", "failed", "dead", "gone"],
    }.ToFrozenDictionary();
}
