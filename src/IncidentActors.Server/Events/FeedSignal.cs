using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Events;

/// <summary>Wakes those who wait for the feed to grow. Signals are only hints, so each wait also has a timeout.</summary>
public sealed class FeedSignal : IDisposable
{
    private readonly IStore journal;
    private volatile TaskCompletionSource next = New();

    public FeedSignal(IStore journal)
    {
        this.journal = journal;
        journal.Signaled += OnSignal;
    }

    /// <summary>Take this before looking at the feed, wait for it after: nothing that is committed in between is missed.</summary>
    public Task Next => next.Task;

    /// <summary>Wakes them although the feed has not grown.</summary>
    public void Wake() => OnSignal(JournalSignal.Feed);

    public void Dispose() => journal.Signaled -= OnSignal;

    private void OnSignal(JournalSignal signal)
    {
        if (signal == JournalSignal.Feed) Interlocked.Exchange(ref next, New()).TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
