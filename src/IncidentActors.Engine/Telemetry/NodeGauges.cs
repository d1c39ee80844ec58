using System.Diagnostics.Metrics;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Telemetry;

/// <summary>
/// Gauges of what is so now, of this node and of the journal. They show what <see cref="RefreshAsync"/> has read last: whoever reads
/// them asks for that before. What could not be read is not shown, so that an old figure is never taken for a new one.
/// </summary>
public sealed class NodeGauges
{
    private const int MostApprovals = 1000;
    private const int MostHalts = 20;

    /// <summary>Figures younger than this are not read again.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>Figures older than this are not shown.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(30);

    /// <summary>How long whoever asks waits for figures.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(200);

    /// <summary>A journal that has not answered in this time is as good as away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Turns.Turns turns;
    private readonly Lock starting = new();
    private Task reading = Task.CompletedTask;
    private volatile Readings read = new(DateTimeOffset.MinValue);

    public NodeGauges(Turns.Turns turns)
    {
        this.turns = turns;
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
        Reading(MetricCatalogue.HaltsUnconfirmedAge, readings => readings.UnconfirmedSince is { } since ? Age(since) : readings.Unconfirmed is null ? null : 0);
        Reading(MetricCatalogue.Ready, readings => readings.Ready ? 1 : 0);
        metrics.Gauge(MetricCatalogue.HaltsActive, () => [new Measurement<double>(turns.Gate.Active.Count)]);
        metrics.Gauge(MetricCatalogue.QueueLength, () => [new Measurement<double>(turns.Waiting)]);
        metrics.Gauge(MetricCatalogue.HeartbeatAge, () => turns.BeatAt is { } beat ? [new Measurement<double>(Age(beat))] : []);
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
            await running.WaitAsync(Courtesy, turns.Options.Time, cancel);
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
            readings = await AskAsync(readings, CancellationToken.None).WaitAsync(Patience, turns.Options.Time);
            await turns.Journal.PingAsync(CancellationToken.None).WaitAsync(Patience, turns.Options.Time);
            if (turns.Journal is not INodeRegistry) turns.BeatAt = turns.Options.Time.GetUtcNow();
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
        if (journal is IJournalFigures counting) readings = readings with { Figures = await counting.FiguresAsync(readings.At, cancel) };
        var open = await journal.ListAsync(new ActorFilter(ActorKind.Approval) { Open = true, OldestFirst = true, Limit = MostApprovals }, cancel);
        var overdue = open.Actors.Count(stored => ((ApprovalState)States.Read(ActorKind.Approval, stored.Document.Span)).TimesOverdue > 0);
        var nodes = journal is INodeRegistry registry ? await registry.NodesAsync(cancel) : null;
        long unconfirmed = 0;
        DateTimeOffset? since = null;
        var halts = (await journal.HaltsAsync(null, cancel)).Take(MostHalts).ToList();
        var nodesOf = await Task.WhenAll(halts.Select(halt => turns.Nodes.OfAsync(halt.Id).AsTask()));
        foreach (var (halt, confirmations) in halts.Zip(nodesOf))
        {
            var missing = confirmations.Count(node => !node.Confirmed);
            unconfirmed += missing;
            if (missing > 0 && (since is null || halt.RaisedAt < since)) since = halt.RaisedAt;
        }

        return readings with
        {
            ApprovalsOverdue = overdue,
            Unconfirmed = unconfirmed,
            UnconfirmedSince = since,
            Alive = nodes?.Count(node => node.Silent <= Heartbeat.SilentAfter) ?? 1,
            Silent = nodes?.Count(node => node.Silent > Heartbeat.SilentAfter) ?? 0,
        };
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
        public long? Alive { get; init; }
        public long? Silent { get; init; }
    }
}
