namespace IncidentActors.Engine.Dispatch;

/// <summary>Limits concurrency. Waiters are served in FIFO order.</summary>
internal sealed class ConcurrencyLimiter(int free)
{
    private readonly Queue<TaskCompletionSource> waiting = [];
    private int left = free;

    public async Task EnterAsync(CancellationToken cancel)
    {
        TaskCompletionSource place;
        lock (waiting)
        {
            if (left > 0)
            {
                left--;
                return;
            }

            place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(place);
        }

        await using (cancel.Register(() => place.TrySetCanceled(cancel))) await place.Task;
    }

    public void Leave()
    {
        lock (waiting)
        {
            while (waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult()) return;
            }

            left++;
        }
    }
}
