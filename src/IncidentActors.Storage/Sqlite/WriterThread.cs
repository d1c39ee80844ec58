using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

/// <summary>
/// Executes work items one at a time on a dedicated thread, so that waiting for the disk does not occupy shared pool threads.
/// It sleeps at once when there is nothing to do: the library's blocking queues spin first, and took a quarter of a processor.
/// </summary>
internal sealed class WriterThread : IAsyncDisposable
{
    private readonly Queue<Action> queue = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool closed;

    public WriterThread() => new Thread(Run) { IsBackground = true, Name = "journal writer" }.Start();

    /// <summary>Cancelled: only before it has begun.</summary>
    /// <exception cref="JournalUnavailableException">The journal is closed.</exception>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (queue)
        {
            if (closed) throw new JournalUnavailableException("The journal is closed.", notApplied: true);
            queue.Enqueue(() => Do(work, done, cancel));
            Monitor.Pulse(queue);
        }

        return done.Task;
    }

    private static void Do<T>(Func<T> work, TaskCompletionSource<T> done, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
        {
            done.SetCanceled(cancel);
            return;
        }

        try
        {
            done.SetResult(work());
        }
        catch (Exception error)
        {
            done.SetException(error);
        }
    }

    private void Run()
    {
        while (Next() is { } action) action();
        ended.SetResult();
    }

    /// <summary>The next action; null if the queue is closed and empty.</summary>
    private Action? Next()
    {
        lock (queue)
        {
            while (queue.Count == 0 && !closed) Monitor.Wait(queue);
            return queue.TryDequeue(out var action) ? action : null;
        }
    }

    /// <summary>After what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (queue)
        {
            closed = true;
            Monitor.Pulse(queue);
        }

        await ended.Task;
    }
}
