using System.Diagnostics.Metrics;
using System.Text.Json;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Permits;
using IncidentActors.Engine.Records;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Telemetry;

/// <summary>
/// Gauges of the current state of this node and of the journal. They show what <see cref="RefreshAsync"/> has read last: who reads
/// them asks for that before. What could not be read is not shown, so that an old figure is never taken for a new one.
/// </summary>
public sealed class NodeGauges
{
    private const int MaxApprovals = 1000;
    private const int MaxHalts = 20;
    private const int MaxPermits = 1000;

    /// <summary>Figures younger than this are not read again.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>Figures older than this are not shown.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(30);

    /// <summary>Maximum time that a reader waits for values.</summary>
    private static readonly TimeSpan StoreReadTimeout = TimeSpan.FromMilliseconds(200);

    /// <summary>Response timeout of the journal. After it the node counts as not ready.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(3);

    private readonly TurnExecutor turns;
    private readonly INodes nodes;
    private readonly Lock starting = new();
    private Task reading = Task.CompletedTask;
    private volatile Readings read = new(DateTimeOffset.MinValue);

    public NodeGauges(TurnExecutor turns, INodes nodes)
    {
        this.turns = turns;
        this.nodes = nodes;
        var metrics = turns.Metrics;
        Figure(MetricCatalogue.EffectsDue, figures => figures.EffectsDue);
        Figure(MetricCatalogue.EffectsOldestAge, figures => Age(figures.OldestDue));
        Figure(MetricCatalogue.ApprovalsWaiting, figures => figures.Approvals);
        metrics.Gauge(MetricCatalogue.Incidents, () => ByRank(Now.Figures?.Incidents, 1, Names.Severity, rank => ((Severity)rank).Name()));
        metrics.Gauge(MetricCatalogue.Atps, () => ByRank(Now.Figures?.Atps, 0, Names.Priority, PriorityName));
        metrics.Gauge(MetricCatalogue.InboxUnread, () => Inbox(unread => unread.Count));
        metrics.Gauge(MetricCatalogue.InboxOldestAge, () => Inbox(unread => unread.Count == 0 ? 0 : Age(unread.Oldest)));
        Reading(MetricCatalogue.ApprovalsOverdue, readings => readings.ApprovalsOverdue);
        Reading(MetricCatalogue.HaltsUnconfirmed, readings => readings.Unconfirmed);
        Reading(MetricCatalogue.HaltsOldestAge, readings => readings.OldestHalt is { } since ? Age(since) : readings.Unconfirmed is null ? null : 0);
        Reading(MetricCatalogue.HaltsUnconfirmedAge, readings => readings.UnconfirmedSince is { } since ? Age(since) : readings.Unconfirmed is null ? null : 0);
        Reading(MetricCatalogue.HaltsOutside, readings => readings.Outside);
        Reading(MetricCatalogue.PermitsUnknown, readings => readings.PermitsUnknown);
        Reading(MetricCatalogue.RehearsalAge, readings => readings.RehearsedAt is { } at ? Age(at) : null);
        Reading(MetricCatalogue.Ready, readings => readings.Ready ? 1 : 0);
        metrics.Gauge(MetricCatalogue.HaltsActive, () => [new Measurement<double>(turns.Gate.Active.Count)]);
        metrics.Gauge(MetricCatalogue.QueueLength, () => [new Measurement<double>(turns.Waiting)]);
        metrics.Gauge(MetricCatalogue.HeartbeatAge, () => turns.StoreSeenAt is { } seen ? [new Measurement<double>(Age(seen))] : []);
        metrics.Gauge(MetricCatalogue.Nodes, NodeStates);
        turns.Gate.Confirmed += OnConfirmed;
        Since = turns.Options.Time.GetUtcNow();
    }

    /// <summary>Halts that were raised before this node was there tell nothing about how fast it is.</summary>
    private DateTimeOffset Since { get; }

    private Readings Now => read is { } last && turns.Options.Time.GetUtcNow() - last.At < Stale ? last : new Readings(DateTimeOffset.MinValue);

    /// <summary>Reads what the gauges show, unless that has just been done. A slow journal is not waited for: its figures are shown by the next look.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        Task running;
        lock (starting)
        {
            if (reading.IsCompleted && turns.Options.Time.GetUtcNow() - read.At >= Fresh) reading = ReadAsync();
            running = reading;
        }

        try
        {
            await running.WaitAsync(StoreReadTimeout, turns.Options.Time, cancel);
        }
        catch (TimeoutException)
        {
            // The gauges show what was read before, until that is too old.
        }
    }

    private async Task ReadAsync()
    {
        var readings = new Readings(turns.Options.Time.GetUtcNow());
        try
        {
            readings = await AskAsync(readings, CancellationToken.None).WaitAsync(ReadTimeout, turns.Options.Time);
            await turns.Journal.PingAsync(CancellationToken.None).WaitAsync(ReadTimeout, turns.Options.Time);
            readings = readings with { Ready = true };
        }
        catch (Exception error) when (error is JournalUnavailableException or TimeoutException)
        {
            // The node is not ready; what was read before the failure is shown.
        }

        read = readings;
    }

    private async Task<Readings> AskAsync(Readings readings, CancellationToken cancel)
    {
        var journal = turns.Journal;
        readings = readings with { Figures = await journal.FiguresAsync(readings.At, cancel) };
        var open = await journal.ListAsync(new ActorFilter(ActorKind.Approval) { Open = true, OldestFirst = true, Limit = MaxApprovals }, cancel);
        var overdue = open.Actors.Count(stored => stored.State<ApprovalState>().TimesOverdue > 0);

        // A node that does not answer is waited for once, not once for each question.
        var counting = nodes.CountAsync().AsTask();
        long unconfirmed = 0;
        DateTimeOffset? since = null;
        var halts = (await journal.HaltsAsync(null, cancel)).Take(MaxHalts).ToList();
        var nodesOf = await Task.WhenAll(halts.Select(halt => nodes.OfAsync(halt.Id).AsTask()));
        var (alive, silent) = await counting;
        foreach (var (halt, confirmations) in halts.Zip(nodesOf))
        {
            var missing = confirmations.Count(node => !node.Confirmed);
            unconfirmed += missing;
            if (missing > 0 && (since is null || halt.RaisedAt < since)) since = halt.RaisedAt;
        }

        return readings with
        {
            ApprovalsOverdue = overdue,
            PermitsUnknown = (await journal.ListAsync(
                new ActorFilter(ActorKind.Permit) { Open = true, Rank = 0, Limit = MaxPermits }, cancel)).Actors.Length,
            RehearsedAt = await journal.FindAsync(RecordKinds.Rehearsal, RecordKinds.Rehearsal, cancel) is { } last ? AtOf(last) : null,
            Outside = await OutsideAsync(halts, readings.At),
            Unconfirmed = unconfirmed,
            UnconfirmedSince = since,
            OldestHalt = halts.Count == 0 ? null : halts.Min(halt => halt.RaisedAt),
            Alive = alive,
            Silent = silent,
        };
    }

    /// <summary>Looks only at halts that are so young that an action may still run.</summary>
    private async Task<long> OutsideAsync(IEnumerable<HaltRecord> halts, DateTimeOffset now)
    {
        long outside = 0;
        foreach (var halt in halts.Where(halt => PermitCount.Bound(turns.Options, halt.RaisedAt) > now))
        {
            var permits = await PermitCount.OfAsync(turns, halt);
            outside += (permits.AtRaise - permits.Confirmed - permits.Unreported).GetValueOrDefault();
        }

        return outside;
    }

    private static DateTimeOffset AtOf(StoredRecord rehearsal)
    {
        using var document = JsonDocument.Parse(rehearsal.Document);
        return document.RootElement.GetProperty("at").GetDateTimeOffset();
    }

    private void OnConfirmed(HaltRecord halt, DateTimeOffset at)
    {
        if (halt.RaisedAt >= Since) turns.Metrics.Confirmed(at > halt.RaisedAt ? at - halt.RaisedAt : TimeSpan.Zero);
    }

    private void Figure(Metric metric, Func<JournalFigures, double> value) =>
        Reading(metric, readings => readings.Figures is { } figures ? value(figures) : null);

    private void Reading(Metric metric, Func<Readings, double?> value) =>
        turns.Metrics.Gauge(metric, () => value(Now) is { } known ? [new Measurement<double>(known)] : []);

    private static IEnumerable<Measurement<double>> ByRank(IReadOnlyDictionary<int, long>? counts, int first, string label, Func<int, string> name)
    {
        if (counts is null) yield break;
        for (var rank = first; rank < first + 4; rank++)
            yield return new Measurement<double>(counts.GetValueOrDefault(rank), new KeyValuePair<string, object?>(label, name(rank)));
    }

    private IEnumerable<Measurement<double>> Inbox(Func<Unread, double> value)
    {
        if (Now.Figures is not { } figures) yield break;
        for (var rank = 0; rank < 4; rank++)
        {
            yield return new Measurement<double>(
                value(figures.Unread.GetValueOrDefault(rank)), new KeyValuePair<string, object?>(Names.Priority, PriorityName(rank)));
        }
    }

    private IEnumerable<Measurement<double>> NodeStates()
    {
        var readings = Now;
        if (readings.Alive is not { } alive || readings.Silent is not { } silent) yield break;
        yield return new Measurement<double>(alive, new KeyValuePair<string, object?>(Names.NodeState, "alive"));
        yield return new Measurement<double>(silent, new KeyValuePair<string, object?>(Names.NodeState, "silent"));
    }

    private static string PriorityName(int rank) => ((Priority)rank).ToString();

    private double Age(DateTimeOffset? since) =>
        since is { } time && turns.Options.Time.GetUtcNow() - time is { Ticks: > 0 } age ? age.TotalSeconds : 0;

    private sealed record Readings(DateTimeOffset At)
    {
        public bool Ready { get; init; }
        public JournalFigures? Figures { get; init; }
        public long? ApprovalsOverdue { get; init; }
        public long? Unconfirmed { get; init; }
        public DateTimeOffset? UnconfirmedSince { get; init; }
        public long? PermitsUnknown { get; init; }
        public long? Outside { get; init; }
        public DateTimeOffset? RehearsedAt { get; init; }
        public DateTimeOffset? OldestHalt { get; init; }
        public long? Alive { get; init; }
        public long? Silent { get; init; }
    }
}
