namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>One node's view of virtual time; it may jump.</summary>
internal sealed class NodeClock(Scheduler scheduler) : TimeProvider
{
    /// <summary>How far the node's clock is from the simulation's.</summary>
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => scheduler.Now + Offset;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan) throw new NotSupportedException("the engine's timers ring once");
        var timer = new OneShot();
        scheduler.After(dueTime, () => timer.Ring(callback, state));
        return timer;
    }

    private sealed class OneShot : ITimer
    {
        private bool disposed;

        public void Ring(TimerCallback callback, object? state)
        {
            if (!disposed) callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("the engine's timers are not changed");

        public void Dispose() => disposed = true;

        public ValueTask DisposeAsync()
        {
            disposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
