using System.Diagnostics.Metrics;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Metrics;
using IncidentActors.Core.Permits;

namespace IncidentActors.Engine.Telemetry;

/// <summary>Measurements of this node's work. Without a listener a measurement costs only the check for one.</summary>
public sealed class NodeMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly List<(Counter<long> Counter, Metric Metric)> counters = [];
    private bool begun;
    private readonly Counter<long> turns;
    private readonly Counter<long> rejections;
    private readonly Histogram<double> turnDuration;
    private readonly Histogram<double> commitDuration;
    private readonly Histogram<int> commitSize;
    private readonly Histogram<double> fence;
    private readonly Histogram<double> confirmation;
    private readonly Histogram<double> approvalWait;
    private readonly Counter<long> escalations;
    private readonly Counter<long> permits;
    private readonly Counter<long> declared;
    private readonly Histogram<double> toDetect;
    private readonly Histogram<double> toAcknowledge;
    private readonly Histogram<double> toMitigate;
    private readonly Histogram<double> toResolve;
    private readonly Counter<long> dropped;
    private readonly Counter<long> sessionsEnded;
    private readonly Counter<long> nodesLost;
    private readonly KeyValuePair<string, object?> system;

    /// <param name="system">The store's <c>db.system.name</c>.</param>
    public NodeMetrics(string system)
    {
        this.system = new(Names.DbSystem, system);
        meter = new Meter(new MeterOptions(MetricCatalogue.Meter) { Scope = this });
        turns = Counter(MetricCatalogue.Turns);
        rejections = Counter(MetricCatalogue.Rejections);
        turnDuration = Histogram(MetricCatalogue.TurnDuration);
        commitDuration = Histogram(MetricCatalogue.CommitDuration);
        commitSize = meter.CreateHistogram(
            MetricCatalogue.CommitSize.Name, MetricCatalogue.CommitSize.Unit, MetricCatalogue.CommitSize.Meaning, tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [.. MetricCatalogue.CommitSize.Buckets.Select(bound => (int)bound)] });
        fence = Histogram(MetricCatalogue.HaltFence);
        confirmation = Histogram(MetricCatalogue.HaltConfirmation);
        approvalWait = Histogram(MetricCatalogue.ApprovalWait);
        escalations = Counter(MetricCatalogue.Escalations);
        permits = Counter(MetricCatalogue.Permits);
        declared = Counter(MetricCatalogue.Declared);
        toDetect = Histogram(MetricCatalogue.TimeToDetect);
        toAcknowledge = Histogram(MetricCatalogue.TimeToAcknowledge);
        toMitigate = Histogram(MetricCatalogue.TimeToMitigate);
        toResolve = Histogram(MetricCatalogue.TimeToResolve);
        dropped = Counter(MetricCatalogue.SpansDropped);
        sessionsEnded = Counter(MetricCatalogue.SessionsEnded);
        nodesLost = Counter(MetricCatalogue.NodesLost);
    }

    /// <summary>Somebody wants to know what turns have led to.</summary>
    public bool Enabled => turns.Enabled;

    /// <summary>A duration is worth measuring.</summary>
    public bool Timed => turnDuration.Enabled;

    /// <summary>The instrument measures another node that runs in this process.</summary>
    public bool IsOfAnother(Instrument instrument) => instrument.Meter.Scope is NodeMetrics other && other != this;

    /// <summary>Begins every counter at 0, for only what has been 0 can be seen to grow. Called when the exporters listen.</summary>
    public void BeginCounters()
    {
        lock (counters)
        {
            begun = true;
            foreach (var (counter, metric) in counters) Begin(counter, metric);
        }
    }

    public Counter<long> Counter(Metric metric)
    {
        var counter = meter.CreateCounter<long>(metric.Name, metric.Unit, metric.Meaning);
        lock (counters)
        {
            counters.Add((counter, metric));
            if (begun) Begin(counter, metric);
        }

        return counter;
    }

    private static void Begin(Counter<long> counter, Metric metric)
    {
        if (metric.Labels.IsEmpty) counter.Add(0);
        foreach (var label in metric.Labels)
        {
            foreach (var value in MetricCatalogue.Values.GetValueOrDefault(label, [])) counter.Add(0, new KeyValuePair<string, object?>(label, value));
        }
    }

    public Histogram<double> Histogram(Metric metric) => meter.CreateHistogram(
        metric.Name, metric.Unit, metric.Meaning, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = metric.Buckets });

    public void Gauge(Metric metric, Func<IEnumerable<Measurement<double>>> observe) =>
        meter.CreateObservableGauge(metric.Name, observe, metric.Unit, metric.Meaning);

    internal void Answered(Outcome outcome, TimeSpan took)
    {
        turnDuration.Record(took.TotalSeconds);
        if (!turns.Enabled) return;
        turns.Add(1, new KeyValuePair<string, object?>(Names.TurnResult, ResultOf(outcome)));
        if (outcome is Rejected { Kind: not RejectionKind.Halted } rejected)
            rejections.Add(1, new KeyValuePair<string, object?>(Names.Rule, rejected.Rule));
    }

    /// <summary>One group commit.</summary>
    public void Committed(int size, TimeSpan took)
    {
        commitDuration.Record(took.TotalSeconds, system);
        commitSize.Record(size);
    }

    internal void Confirmed(TimeSpan took) => confirmation.Record(took.TotalSeconds);

    internal void Dropped() => dropped.Add(1);

    internal void SessionEnded() => sessionsEnded.Add(1);

    public void NodeLost() => nodesLost.Add(1);

    /// <summary>What the events of a committed turn tell.</summary>
    internal void Count(CommittedTurn turn)
    {
        foreach (var (actor, one) in turn.Decision.Events) Count(turn, actor, one);
    }

    private void Count(CommittedTurn turn, ActorId actor, IEvent one)
    {
        switch (one)
        {
            case IncidentDeclared:
                var born = turn.After<IncidentState>(actor);
                declared.Add(1, Of(born));
                Record(toDetect, IncidentTimes.ToDetect(born), born);
                break;
            case IncidentAcknowledged when turn.Before<IncidentState>(actor)?.AcknowledgedAt is null:
                Record(toAcknowledge, IncidentTimes.ToAcknowledge(turn.After<IncidentState>(actor)), turn.After<IncidentState>(actor));
                break;
            case IncidentMitigated when turn.Before<IncidentState>(actor)?.MitigatedAt is null:
                Record(toMitigate, IncidentTimes.ToMitigate(turn.After<IncidentState>(actor)), turn.After<IncidentState>(actor));
                break;
            case IncidentResolved:
                var resolved = turn.After<IncidentState>(actor);
                if (turn.Before<IncidentState>(actor)?.MitigatedAt is null) Record(toMitigate, IncidentTimes.ToMitigate(resolved), resolved);
                Record(toResolve, IncidentTimes.ToResolve(resolved), resolved);
                break;
            case HaltRaised raised when raised.Mode.IsEnforced():
                fence.Record((turn.EndedAt - turn.Call.At).TotalSeconds);
                break;
            case ApprovalDecided or ApprovalVoided:
                var approval = turn.After<ApprovalState>(actor);
                approvalWait.Record(
                    Math.Max(0, (turn.Call.At - approval.AskedAt).TotalSeconds), new KeyValuePair<string, object?>(Names.ApprovalOutcome, OutcomeOf(approval)));
                break;
            case PermitGranted or PermitRenewed or PermitEnded or PermitLapsed:
                permits.Add(1, new KeyValuePair<string, object?>(Names.PermitStep, StepOf(one)));
                break;
            case IncidentOverdue or AtpOverdue or MessageOverdue or ApprovalOverdue:
                escalations.Add(1, new KeyValuePair<string, object?>(Names.EscalationOf, EscalatedOf(one)));
                break;
        }
    }

    private static string StepOf(IEvent one) => one switch
    {
        PermitGranted => "granted",
        PermitRenewed => "renewed",
        PermitEnded ended => ended.Outcome.ToString().ToLowerInvariant(),
        PermitLapsed { Unknown: true } => "unknown",
        _ => "closed",
    };

    /// <summary><c>incident</c>, <c>atp</c>, <c>message</c> or <c>approval</c>.</summary>
    public static string EscalatedOf(IEvent overdue) => overdue switch
    {
        IncidentOverdue => "incident",
        AtpOverdue => "atp",
        MessageOverdue => "message",
        _ => "approval",
    };

    /// <summary><c>approved</c>, <c>rejected</c>, <c>voided</c>, or by the flow's policy <c>timeout-approved</c>, <c>timeout-rejected</c>.</summary>
    public static string OutcomeOf(ApprovalState approval) => (approval.Status, approval.Automatic) switch
    {
        (ApprovalStatus.Approved, true) => "timeout-approved",
        (ApprovalStatus.Approved, false) => "approved",
        (ApprovalStatus.Rejected, true) => "timeout-rejected",
        (ApprovalStatus.Rejected, false) => "rejected",
        _ => "voided",
    };

    private static string ResultOf(Outcome outcome) => outcome switch
    {
        Accepted { Replayed: true } => "replayed",
        Accepted { Position: > 0 } => "committed",
        Accepted => "unchanged",
        Rejected { Kind: RejectionKind.Halted } => "fenced",
        Rejected => "rejected",
        _ => "unavailable",
    };

    /// <summary>Times that contradict each other are no measurement.</summary>
    private static void Record(Histogram<double> histogram, TimeSpan? time, IncidentState incident)
    {
        if (time is { } some && some >= TimeSpan.Zero) histogram.Record(some.TotalSeconds, Of(incident));
    }

    private static KeyValuePair<string, object?> Of(IncidentState incident) => new(Names.Severity, incident.Severity.Name());

    public void Dispose() => meter.Dispose();
}
