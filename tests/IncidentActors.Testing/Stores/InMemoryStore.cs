using IncidentActors.Engine.Journals;

namespace IncidentActors.Testing.Stores;

/// <summary>
/// The contract of <see cref="IStore"/> in its plainest form: dictionaries behind one lock. Every call is finished when it
/// returns, on the caller's thread, so that a deterministic scheduler stays deterministic. Durable as long as the process.
/// </summary>
/// <remarks>Keeps the byte arrays that it is given; callers do not change them afterwards.</remarks>
public sealed partial class InMemoryStore : IStore
{
    private readonly Lock gate = new();
    private readonly InMemoryTables tables = new();
    private long leases;

    public event Action<JournalSignal>? Signaled;

    public string Description => "in memory";

    public string SystemName => "memory";

    public Task<IReadOnlyList<EndedSession>> EndStalledSessionsAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<EndedSession>>([]);

    public int Lanes => 1;

    public Task OpenAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task PingAsync(CancellationToken cancel) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<TurnRecord> turns, CancellationToken cancel)
    {
        WellFormed.Check(turns);
        var results = new CommitResult[turns.Count];
        lock (gate)
        {
            for (var i = 0; i < turns.Count; i++) results[i] = Refusal(turns[i]) ?? new Committed(tables.Apply(turns[i]));
        }

        foreach (var signal in JournalSignals.Of(turns, results)) Signaled?.Invoke(signal);
        return Task.FromResult<IReadOnlyList<CommitResult>>(results);
    }

    public Task<IReadOnlyList<DueEffect>> TakeDueAsync(
        string node, DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancel)
    {
        lock (gate)
        {
            var taken = tables.Ready.TakeWhile(entry => entry.Ready <= now).Take(limit).Select(entry => tables.Effects[entry.Id]).ToList();
            for (var i = 0; i < taken.Count; i++)
            {
                var token = $"{node}#{++leases}";
                taken[i] = taken[i] with { LeaseToken = token, Ready = now + lease, Attempts = taken[i].Attempts + 1 };
                tables.Put(taken[i]);
            }

            return Task.FromResult<IReadOnlyList<DueEffect>>([.. taken.Select(effect => effect.Due())]);
        }
    }

    public Task HoldAsync(string effectId, string leaseToken, DateTimeOffset due, DateTimeOffset counted, CancellationToken cancel)
    {
        lock (gate)
        {
            if (!tables.Effects.TryGetValue(effectId, out var effect) || effect.LeaseToken != leaseToken) return Task.CompletedTask;
            var record = effect.Record with { Due = due, Counted = counted };
            tables.Put(effect with { Record = record, Ready = due, LeaseToken = "" });
        }

        Signaled?.Invoke(JournalSignal.WakeUp);
        return Task.CompletedTask;
    }

    public Task ParkAsync(string effectId, string leaseToken, string haltId, CancellationToken cancel)
    {
        lock (gate)
        {
            if (!tables.Effects.TryGetValue(effectId, out var effect) || effect.LeaseToken != leaseToken) return Task.CompletedTask;
            var rests = tables.Halts.TryGetValue(haltId, out var halt) && halt.Active;
            tables.Put(rests
                ? effect with { LeaseToken = Parking.Token(haltId), Ready = DateTimeOffset.MaxValue }
                : effect with { LeaseToken = "", Ready = effect.Record.Due });
        }

        Signaled?.Invoke(JournalSignal.WakeUp);
        return Task.CompletedTask;
    }

    /// <summary>Why the turn may not be committed, or null. The order is part of the contract: whatever was applied already says
    /// so, then a stale decision is taken again, and only a decision on the present state meets halts and claims.</summary>
    private CommitResult? Refusal(TurnRecord turn)
    {
        if (turn.Answer is { } answer && tables.Answers.TryGetValue(answer.Key, out var known)) return new KeyKnown(known.Answer);
        if (turn.Consumes is { } consumed
            && !(tables.Effects.TryGetValue(consumed.EffectId, out var effect) && effect.LeaseToken == consumed.LeaseToken))
            return new AlreadyConsumed();

        foreach (var append in turn.Appends)
        {
            if (tables.Version(append.Actor) != append.ExpectedVersion) return new Stale(append.Actor);
        }

        foreach (var guard in turn.Guards)
        {
            if (tables.Version(guard.Actor) != guard.Version) return new Stale(guard.Actor);
        }

        if (turn.HaltEpoch is { } epoch && epoch != tables.HaltEpoch) return new Stale(null);
        if (turn.Subject is { } subject && tables.Halts.Values.FirstOrDefault(halt => halt.Covers(subject)) is { } halt)
            return new Fenced(halt);

        return TakenClaim(turn);
    }

    private ClaimTaken? TakenClaim(TurnRecord turn)
    {
        foreach (var claim in turn.Claims)
        {
            if (tables.Claims.TryGetValue(claim.Name, out var holder)
                && holder != claim.Holder
                && !turn.Releases.Contains(new ClaimRecord(claim.Name, holder)))
                return new ClaimTaken(claim.Name, holder);
        }

        return null;
    }
}
