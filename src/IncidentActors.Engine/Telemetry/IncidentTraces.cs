using IncidentActors.Engine.Turns;
using System.Diagnostics;
using System.Threading.Channels;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Records;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Engine.Telemetry;

/// <summary>
/// One trace per incident. Every node emits the spans of the turns that it has committed itself, after the commit: a turn never
/// waits for a span, and a crash between the two loses the span, not the turn.
/// </summary>
public sealed partial class IncidentTraces : IAsyncDisposable
{
    private const int MaxWaiting = 20_000;

    /// <summary>From so many on, spans that have found their place are no longer remembered among those that wait for it.</summary>
    private const int MaxLate = 1000;

    /// <summary>Time to wait for the committing node's anchor before this node stores one.</summary>
    private static readonly TimeSpan AnchorTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    internal static readonly ActivitySource Source = new(SpanCatalogue.Source);

    private readonly TurnExecutor turns;
    private readonly TraceAnchors anchors;
    private readonly ILogger log;
    private readonly DateTimeOffset since;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<SpanDraft> waiting = Channel.CreateBounded<SpanDraft>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly HashSet<Task> late = [];
    private readonly Dictionary<ActorId, Task<ActivityContext>> sought = [];
    private readonly Task loop;
    private int tidyAt = MaxLate;
    private int disposed;

    public IncidentTraces(TurnExecutor turns, IRecords records, ILogger log)
    {
        this.turns = turns;
        this.log = log;
        anchors = new TraceAnchors(records);
        since = turns.Options.Time.GetUtcNow();
        turns.Committed += OnCommitted;
        turns.Gate.Confirmed += OnConfirmed;
        loop = Task.Run(LoopAsync);
    }

    /// <summary>A notification of an incident's event was delivered, or could not be.</summary>
    /// <param name="error">Why the delivery failed; null if it succeeded.</param>
    public void Delivered(string incident, string destination, string message, DateTimeOffset start, string? error)
    {
        if (!Source.HasListeners()) return;
        Take(new SpanDraft(SpanCatalogue.Deliver.Name, start, turns.Options.Time.GetUtcNow(), ActorId.Incident(incident))
        {
            Kind = ActivityKind.Producer,
            Error = error,
            Tags =
            [
                new(Names.Incident, incident), new(Names.MessagingSystem, TurnSpans.WebhookSystem), new(Names.MessagingOperation, "send"),
                new(Names.MessagingDestination, destination), new(Names.MessageId, message), new(Names.ErrorType, error is null ? null : "delivery"),
            ],
        });
    }

    /// <summary>A span in the caller's trace, or in the request's, which continues the caller's. Null without a listener.</summary>
    /// <param name="caller">W3C <c>traceparent</c>, or null.</param>
    public static Activity? Start(string name, ActivityKind kind, string? caller) =>
        ActivityContext.TryParse(caller, null, isRemote: true, out var parent) && Activity.Current?.TraceId != parent.TraceId
            ? Source.StartActivity(name, kind, parent)
            : Source.StartActivity(name, kind);

    /// <summary>A span with a known parent is emitted at once, which takes a few microseconds; others are queued.</summary>
    private void OnCommitted(CommittedTurn turn)
    {
        if (!Source.HasListeners()) return;
        var current = Activity.Current;
        foreach (var draft in TurnSpans.Of(turn))
        {
            if (draft is { Anchors: null, Asker: null, Parent: { } parent } && anchors.TryKnown(parent, out var context))
                Emit(draft, context);
            else
                Take(draft);
        }

        if (Activity.Current != current) Activity.Current = current;
    }

    private void OnConfirmed(HaltRecord halt, DateTimeOffset at)
    {
        if (halt.RaisedAt >= since && Source.HasListeners()) Take(TurnSpans.Confirmed(halt, turns.Options.Node, at));
    }

    private void Take(SpanDraft draft)
    {
        if (!waiting.Writer.TryWrite(draft)) turns.Metrics.Dropped();
    }

    private async Task LoopAsync()
    {
        Activity.Current = null;
        await foreach (var draft in waiting.Reader.ReadAllAsync()) await BeginAsync(draft);
    }

    /// <summary>Spans with an anchor that another node may still be storing are queued; those that this node anchors are not.</summary>
    private async Task BeginAsync(SpanDraft draft)
    {
        var task = EmitAsync(draft);
        if (draft.Anchors is not null)
            await task;
        else
            late.Add(task);
        if (late.Count < tidyAt) return;
        late.RemoveWhere(done => done.IsCompleted);
        tidyAt = Math.Max(MaxLate, 2 * late.Count);
    }

    private async Task EmitAsync(SpanDraft draft)
    {
        try
        {
            var parent = draft.Parent is { } of ? await AnchorAsync(of) : default;
            if (draft.Anchors is { } self)
                await AnchorAsync(draft, self, parent);
            else
                Emit(draft, parent, draft.Asker is { } asker ? await AskerAsync(asker) : null);
        }
        catch (JournalUnavailableException error)
        {
            LogLost(log, draft.Name, error.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The node stops; a span without its place would only mislead.
        }
    }

    /// <summary>The anchor of an incident or a halt; however many spans want it, it is looked for once at a time.</summary>
    private Task<ActivityContext> AnchorAsync(ActorId actor)
    {
        lock (sought)
        {
            if (sought.TryGetValue(actor, out var running)) return running;
            var seeking = SeekAsync(actor);
            sought[actor] = seeking;
            return seeking;
        }
    }

    private async Task<ActivityContext> SeekAsync(ActorId actor)
    {
        await Task.Yield();
        try
        {
            return await KeptAsync(actor);
        }
        finally
        {
            lock (sought) sought.Remove(actor);
        }
    }

    /// <summary>Kept by the node that committed it, or after a while by this one, from what is recorded.</summary>
    private async Task<ActivityContext> KeptAsync(ActorId actor)
    {
        var began = turns.Options.Time.GetTimestamp();
        do
        {
            if (await anchors.FindAsync(actor, stop.Token) is { } found) return found;
            await Task.Delay(PollInterval, turns.Options.Time, stop.Token);
        }
        while (turns.Options.Time.GetElapsedTime(began) < AnchorTimeout);

        var draft = (await turns.ReadAsync(actor, stop.Token)).State switch
        {
            IncidentState incident => TurnSpans.Declared(incident, incident.DeclaredAt),
            HaltState halt => TurnSpans.Raised(halt, halt.RaisedAt, halt.RaisedAt),
            _ => null,
        };
        if (draft is null) return default;
        await AnchorAsync(draft, actor, draft.Parent is { } parent ? await AnchorAsync(parent) : default);
        return await anchors.FindAsync(actor, stop.Token) ?? default;
    }

    private async Task AnchorAsync(SpanDraft draft, ActorId self, ActivityContext parent)
    {
        if (Started(draft, parent, null) is not { } activity) return;

        // The keeping of the anchor is not part of the incident.
        Activity.Current = null;
        if (!await anchors.KeepAsync(self, activity, stop.Token))
        {
            // Another node has told of it; this span is dropped before an exporter sees it.
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            activity.IsAllDataRequested = false;
        }

        activity.Stop();
        var context = await anchors.FindAsync(self, stop.Token) ?? activity.Context;
        foreach (var child in draft.Children) Emit(child, context);
    }

    private async Task<string?> AskerAsync(ActorId actor) =>
        (await turns.Journal.HistoryAsync(actor, 0, 1, stop.Token)) is [var first, ..] ? first.Trace : null;

    private static void Emit(SpanDraft draft, ActivityContext parent, string? asker = null)
    {
        var activity = Started(draft, parent, asker);
        activity?.Stop();
        foreach (var child in draft.Children) Emit(child, activity?.Context ?? parent);
    }

    private static Activity? Started(SpanDraft draft, ActivityContext parent, string? asker)
    {
        if (Activity.Current is not null) Activity.Current = null;
        var activity = Source.StartActivity(draft.Name, draft.Kind, parent, tags: null, Links(draft.Link, asker), draft.Start);
        if (activity is null) return null;
        if (activity.IsAllDataRequested)
        {
            foreach (var (name, value) in draft.Tags)
            {
                if (value is not null) activity.AddTag(name, value);
            }
        }

        if (draft.Error is { } error) activity.SetStatus(ActivityStatusCode.Error, error);
        return activity.SetEndTime((draft.End > draft.Start ? draft.End : draft.Start).UtcDateTime);
    }

    /// <summary>One for each different caller; null without callers.</summary>
    private static ActivityLink[]? Links(string? caller, string? asker)
    {
        var first = ActivityContext.TryParse(caller, null, isRemote: true, out var one);
        if (!ActivityContext.TryParse(asker, null, isRemote: true, out var other) || (first && one.SpanId == other.SpanId))
            return first ? [new ActivityLink(one)] : null;
        return first ? [new ActivityLink(one), new ActivityLink(other)] : [new ActivityLink(other)];
    }

    /// <summary>Emits what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;
        turns.Committed -= OnCommitted;
        turns.Gate.Confirmed -= OnConfirmed;
        waiting.Writer.TryComplete();
        stop.CancelAfter(AnchorTimeout);
        await loop;
        await Task.WhenAll(late);
        stop.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The span {Span} was lost: {Sentence}")]
    private static partial void LogLost(ILogger log, string span, string sentence);
}
