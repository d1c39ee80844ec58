namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>One thread and virtual time: a seeded choice of what runs next, and time that passes only when nothing can run.</summary>
internal sealed class Scheduler(Random random, DateTimeOffset start) : SynchronizationContext
{
    /// <summary>How far the order of what could run is shuffled.</summary>
    private const int Shuffled = 6;

    private readonly Lock gate = new();
    private readonly List<(SendOrPostCallback Callback, object? State)> ready = [];
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Number)> later = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private string? strayed;
    private long numbers;

    public DateTimeOffset Now { get; private set; } = start;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != thread) strayed ??= Environment.StackTrace;
        lock (gate) ready.Add((d, state));
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs the action when the time has passed.</summary>
    public void After(TimeSpan time, Action action) => later.Enqueue(action, (Now + time, ++numbers));

    public Task PassAsync(TimeSpan time)
    {
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        After(time, () => passed.SetResult());
        return passed.Task;
    }

    /// <summary>Until the condition holds, looking every virtual second, at most for the time.</summary>
    public async Task<bool> UntilAsync(Func<bool> holds, TimeSpan most)
    {
        for (var end = Now + most; !holds(); await PassAsync(TimeSpan.FromSeconds(1)))
        {
            if (Now >= end) return false;
        }

        return true;
    }

    public void Run(Func<Task> main)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = main();
            while (!task.IsCompleted)
            {
                if (!Step()) throw new InvalidOperationException("nothing is left to run, and the simulation has not ended");
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }

        if (strayed is not null) throw new InvalidOperationException("the engine left its scheduler:\n" + strayed);
    }

    private bool Step()
    {
        if (ready.Count > 0)
        {
            var (callback, state) = Next();
            callback(state);
            return true;
        }

        if (!later.TryDequeue(out var action, out var due)) return false;
        if (due.At > Now) Now = due.At;
        action();
        return true;
    }

    private (SendOrPostCallback Callback, object? State) Next()
    {
        lock (gate)
        {
            var index = random.Next(Math.Min(ready.Count, Shuffled));
            var next = ready[index];
            ready.RemoveAt(index);
            return next;
        }
    }
}
