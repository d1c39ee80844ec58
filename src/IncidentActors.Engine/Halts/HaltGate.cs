using System.Collections.Concurrent;
using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Engine.Halts;

/// <summary>
/// This node's knowledge of active halts: refuses covered turns at once and says when none is in flight any more. It is a courtesy;
/// the guarantee is the fence inside the commit.
/// </summary>
public sealed class HaltGate(TimeProvider time)
{
    private readonly ConcurrentDictionary<long, Subject> inFlight = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> confirmed = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> awaited = new();
    private volatile HaltRecord[] active = [];
    private long tickets;

    /// <summary>No turn that the halt covers is in flight here any more, since the time told. Handlers return at once and throw nothing.</summary>
    public event Action<HaltRecord, DateTimeOffset>? Confirmed;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<HaltRecord> Active => active;

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

    /// <summary>Replaces what is known by what the journal says.</summary>
    public void Learn(IReadOnlyList<HaltRecord> halts)
    {
        active = [.. halts.Where(halt => halt.Active).OrderBy(halt => halt.RaisedAt)];
        Confirm();
    }

    /// <summary>One halt was raised, lifted or lifted partly.</summary>
    public void Learn(HaltRecord halt)
    {
        lock (inFlight) Learn([.. Active.Where(known => known.Id != halt.Id), halt]);
    }

    /// <summary>A turn is about to be committed; dispose the answer when its outcome is known.</summary>
    public Flight Enter(Subject? subject)
    {
        if (subject is null) return default;
        var ticket = Interlocked.Increment(ref tickets);
        inFlight[ticket] = subject;
        return new Flight(this, ticket);
    }

    /// <summary>Since when no covered turn is in flight here, or null: there still is one.</summary>
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
