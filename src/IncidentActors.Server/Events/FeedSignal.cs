using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Events;

/// <summary>Wakes whoever waits for the feed to grow; signals are only hints, so waiting also ends by itself.</summary>
public sealed class FeedSignal : IDisposable
{
    private readonly IJournalSignals? signals;
    private volatile TaskCompletionSource next = New();

    public FeedSignal(IJournal journal)
    {
        signals = journal as IJournalSignals;
        if (signals is not null) signals.Signaled += OnSignal;
    }

    /// <summary>Take this before looking at the feed, wait for it after: nothing that is committed in between is missed.</summary>
    public Task Next => next.Task;

    /// <summary>Wakes them although the feed has not grown.</summary>
    public void Wake() => OnSignal(JournalSignal.Feed);

    public void Dispose()
    {
        if (signals is not null) signals.Signaled -= OnSignal;
    }

    private void OnSignal(JournalSignal signal)
    {
        if (signal == JournalSignal.Feed) Interlocked.Exchange(ref next, New()).TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
