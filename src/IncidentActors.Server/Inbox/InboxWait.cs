using System.Collections.Immutable;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Events;

namespace IncidentActors.Server.Inbox;

/// <summary>Waits until there is something in an inbox that no other session has.</summary>
public sealed class InboxWait(IStore journal, InboxLeases leases, FeedSignal signal, TimeProvider time)
{
    /// <summary>A look even when nothing signals: another node may have written, or a lease may have ended.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stopping = new();

    /// <summary>This server stops: polls are answered at once, so that they do not delay the shutdown.</summary>
    public void EndPolls() => stopping.Cancel();

    /// <summary>One poll: until there is something for the session, the time is up, or this server stops.</summary>
    /// <exception cref="OperationCanceledException">The caller is gone.</exception>
    public async Task PollAsync(string handle, string session, TimeSpan longest, CancellationToken gone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping.Token);
        try
        {
            await UntilAsync(handle, session, ImmutableHashSet<string>.Empty, longest, either.Token);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <param name="known">Messages that the session has been told of: they do not end the waiting.</param>
    /// <returns>False if the time ran out without a new message.</returns>
    public async Task<bool> UntilAsync(string handle, string session, IReadOnlySet<string> known, TimeSpan longest, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var grown = signal.Next;
            var others = await leases.HeldByOthersAsync(handle, session, cancel);
            var messages = await journal.InboxAsync(handle, others.Count + known.Count + 1, cancel);
            if (messages.Any(one => !others.ContainsKey(one.Message.Id) && !known.Contains(one.Message.Id))) return true;
            var left = longest - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) return false;
            await Task.WhenAny(grown, Task.Delay(left < PollInterval ? left : PollInterval, time, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }
}
