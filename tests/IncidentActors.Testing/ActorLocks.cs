using IncidentActors.Core.Decisions;

namespace IncidentActors.Testing;

/// <summary>One turn at a time per actor, first come first served; on the scheduler of the caller, so that simulations stay deterministic.</summary>
internal sealed class ActorLocks
{
    private readonly Dictionary<ActorId, Queue<TaskCompletionSource>> waiting = [];

    /// <summary>Completes when the actor is free; dispose the answer to let the next turn in.</summary>
    public async ValueTask<Held> EnterAsync(ActorId actor, CancellationToken cancel)
    {
        TaskCompletionSource turn;
        lock (waiting)
        {
            if (!waiting.TryGetValue(actor, out var queue))
            {
                waiting[actor] = new Queue<TaskCompletionSource>();
                return new Held(this, actor);
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Enqueue(turn);
        }

        await using (cancel.Register(() => turn.TrySetCanceled(cancel))) await turn.Task;
        return new Held(this, actor);
    }

    private void Leave(ActorId actor)
    {
        lock (waiting)
        {
            var queue = waiting[actor];
            while (queue.TryDequeue(out var next))
            {
                if (next.TrySetResult()) return;
            }

            waiting.Remove(actor);
        }
    }

    public readonly struct Held(ActorLocks locks, ActorId actor) : IDisposable
    {
        public void Dispose() => locks.Leave(actor);
    }
}
