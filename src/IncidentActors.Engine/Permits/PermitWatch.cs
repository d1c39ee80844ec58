using System.Collections.Concurrent;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Permits;

/// <summary>
/// Notifies enforcement points at once when a permit ends early. It only saves time: without the notification a permit ends at its
/// time anyway.
/// </summary>
public sealed class PermitWatch : IDisposable
{
    /// <summary>How often the halts that this node knows of are compared with those before.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly TurnExecutor turns;
    private readonly PermitBook book;
    private readonly ITimer timer;
    private readonly ConcurrentDictionary<Waiter, byte> waiters = new();
    private object? known;

    public PermitWatch(TurnExecutor turns)
    {
        this.turns = turns;
        book = new PermitBook(turns);
        turns.Committed += OnCommitted;
        timer = TimeProvider.System.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    /// <summary>The permit as soon as it does not hold any more, or as it is after the wait; null if it does not exist.</summary>
    public async Task<PermitView?> WaitAsync(string id, TimeSpan wait, CancellationToken cancel)
    {
        if (await turns.ReadAsync(ActorId.Permit(id), cancel) is not { State: PermitState state }) return null;
        var waiter = new Waiter(state);
        waiters.TryAdd(waiter, 0);
        try
        {
            // Looked at again now that it counts as waiting.
            var now = await book.GetAsync(id, cancel);
            if (now is not { Status: "open" } || wait <= TimeSpan.Zero) return now;
            await waiter.Done.Task.WaitAsync(wait, cancel);
        }
        catch (TimeoutException)
        {
            // It still holds, as far as this node knows.
        }
        finally
        {
            waiters.TryRemove(waiter, out _);
        }

        return await book.GetAsync(id, cancel);
    }

    private void Look()
    {
        var active = turns.Gate.Active;
        if (ReferenceEquals(active, known)) return;
        known = active;
        foreach (var waiter in waiters.Keys)
        {
            if (turns.Gate.Covering(waiter.Permit.Subject) is not null) waiter.Done.TrySetResult();
        }
    }

    private void OnCommitted(CommittedTurn turn)
    {
        if (waiters.IsEmpty) return;
        foreach (var (actor, one) in turn.Decision.Events)
        {
            if (actor.Kind != ActorKind.Permit || one is not (PermitEnded or PermitLapsed)) continue;
            foreach (var waiter in waiters.Keys)
            {
                if (waiter.Permit.Id == actor.Key) waiter.Done.TrySetResult();
            }
        }
    }

    public void Dispose()
    {
        turns.Committed -= OnCommitted;
        timer.Dispose();
    }

    private sealed class Waiter(PermitState permit)
    {
        public PermitState Permit => permit;
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
