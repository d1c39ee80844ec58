namespace IncidentActors.Engine.Dispatch;

/// <summary>Wakes one waiter. A signal without a waiter is remembered. The waiter continues on its own context.</summary>
internal sealed class WakeUp
{
    private volatile TaskCompletionSource next = Fresh();

    public void Set() => next.TrySetResult();

    /// <summary>Until it is set, the time is over or the token is cancelled; the caller looks which.</summary>
    public async Task WaitAsync(TimeSpan time, TimeProvider clock, CancellationToken cancel)
    {
        using var over = clock.CreateTimer(static wake => ((WakeUp)wake!).Set(), this, time, Timeout.InfiniteTimeSpan);
        await using (cancel.Register(Set)) await next.Task;
        next = Fresh();
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
