using System.Collections.Concurrent;
using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Engine.Halts;

/// <summary>
/// This node's knowledge of active halts: refuses covered turns early and reports when no covered turn is in flight. It is an optimisation;
/// the guarantee is the fence inside the commit.
/// </summary>
public sealed class HaltGate(TimeProvider time)
{
    private readonly ConcurrentDictionary<long, Subject> inFlight = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> confirmed = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> awaited = new();
    private readonly Lock learning = new();
    private readonly Dictionary<string, (long Epoch, HaltRecord Halt)> news = [];
    private volatile HaltRecord[] active = [];
    private volatile HaltRecord[] ended = [];
    private volatile HaltRecord[] briefings = [];
    private long epoch;
    private long listed;
    private long tickets;

    /// <summary>Raised with the time since which no turn that the halt covers is in flight here. Handlers return at once and throw nothing.</summary>
    public event Action<HaltRecord, DateTimeOffset>? Confirmed;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<HaltRecord> Active => active;

    /// <summary>Halts that have ended, at least in part, within <see cref="HaltBriefing.AskedFor"/>.</summary>
    public IReadOnlyCollection<HaltRecord> Ended => ended;

    /// <summary>Those of <see cref="Ended"/> that ask for an acknowledged briefing.</summary>
    public IReadOnlyCollection<HaltRecord> Briefings => briefings;

    /// <summary>The active halt that covers the subject, or null.</summary>
    public HaltRecord? Covering(Subject? subject)
    {
        if (subject is null) return null;
        foreach (var halt in Active)
        {
            if (halt.Covers(subject)) return halt;
        }

        return null;
    }

    /// <summary>All active halts that cover the subject.</summary>
    public ImmutableArray<HaltRecord> AllCovering(Subject subject) => [.. Active.Where(halt => halt.Covers(subject))];

    /// <summary>
    /// Reads the active halts from the store and replaces what is known by them. News that arrive during the read, and lists whose
    /// read began later, are newer than this list and stay.
    /// </summary>
    /// <param name="read">Returns what was committed when it was called, or later, with halts that were lifted after a time where one is given:
    /// the first time, because a node that starts knows of none.</param>
    public async Task RefreshAsync(Func<DateTimeOffset?, Task<IReadOnlyList<HaltRecord>>> read)
    {
        long begun;
        bool first;
        lock (learning) (begun, first) = (++epoch, listed == 0);
        Learn(await read(first ? time.GetUtcNow() - HaltBriefing.AskedFor : null), begun);
    }

    /// <summary>One halt has been raised, lifted or lifted partly.</summary>
    public void Learn(HaltRecord halt)
    {
        lock (learning)
        {
            news[halt.Id] = (++epoch, halt);
            active = ActiveByAge(active.Where(known => known.Id != halt.Id).Append(halt));
            Brief([halt]);
        }

        Confirm();
    }

    private void Learn(IReadOnlyList<HaltRecord> halts, long begun)
    {
        lock (learning)
        {
            if (begun < listed) return;
            listed = begun;
            foreach (var (id, (learned, _)) in news.ToList())
            {
                if (learned < begun) news.Remove(id);
            }

            var before = active;
            active = ActiveByAge(halts.Where(halt => !news.ContainsKey(halt.Id)).Concat(news.Values.Select(known => known.Halt)));
            var now = time.GetUtcNow();
            var lost = before.Where(known => active.All(halt => halt.Id != known.Id)).Select(known => known with { LiftedAt = now });
            Brief(halts.Where(halt => !news.ContainsKey(halt.Id)).Concat(lost));
        }

        Confirm();
    }

    private void Brief(IEnumerable<HaltRecord> changed)
    {
        var oldest = time.GetUtcNow() - HaltBriefing.AskedFor;
        var now = changed.Where(halt => (!halt.Active || !halt.Lifts.IsEmpty) && IsRecent(halt)).DistinctBy(halt => halt.Id).ToDictionary(halt => halt.Id);
        if (now.Count == 0 && ended.All(IsRecent)) return;
        var kept = ended.Where(halt => IsRecent(halt) && !(halt.Active && now.ContainsKey(halt.Id))).ToList();
        var ids = kept.Select(halt => halt.Id).ToHashSet();
        ended = [.. kept, .. now.Values.Where(halt => !ids.Contains(halt.Id))];
        briefings = [.. ended.Where(halt => halt.BriefingRequired == true)];

        bool IsRecent(HaltRecord halt) => halt.Active || halt.LiftedAt >= oldest;
    }

    private static HaltRecord[] ActiveByAge(IEnumerable<HaltRecord> halts) => [.. halts.Where(halt => halt.Active).OrderBy(halt => halt.RaisedAt)];

    /// <summary>A turn is about to be committed; dispose the answer when its outcome is known.</summary>
    public Flight Enter(Subject? subject)
    {
        if (subject is null) return default;
        var ticket = Interlocked.Increment(ref tickets);
        inFlight[ticket] = subject;
        return new Flight(this, ticket);
    }

    /// <summary>Since when no covered turn is in flight here; null while there still is one.</summary>
    public DateTimeOffset? ConfirmedAt(string haltId) => confirmed.TryGetValue(haltId, out var at) ? at : null;

    /// <summary>Completes when no turn that the halt covers is in flight here; the halt must be known.</summary>
    public async Task QuiescedAsync(string haltId, CancellationToken cancel)
    {
        var waiting = awaited.GetOrAdd(haltId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Confirm();
        if (ConfirmedAt(haltId) is not null) waiting.TrySetResult();
        await waiting.Task.WaitAsync(cancel);
        awaited.TryRemove(haltId, out _);
    }

    private void Confirm()
    {
        foreach (var halt in Active)
        {
            if (confirmed.ContainsKey(halt.Id) || inFlight.Values.Any(halt.Covers)) continue;
            var now = time.GetUtcNow();
            if (confirmed.TryAdd(halt.Id, now)) Confirmed?.Invoke(halt, now);
            if (awaited.TryGetValue(halt.Id, out var waiting)) waiting.TrySetResult();
        }
    }

    public readonly struct Flight(HaltGate? gate, long ticket) : IDisposable
    {
        public void Dispose()
        {
            if (gate is null) return;
            gate.inFlight.TryRemove(ticket, out _);
            if (gate.Active.Count > 0) gate.Confirm();
        }
    }
}
