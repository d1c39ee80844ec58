using System.Collections.Concurrent;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Agents;

/// <summary>Waits for news from the journal, once per silo, and makes the agents look that it concerns.</summary>
internal sealed partial class AgentNews(AgentRuntime runtime)
{
    private readonly ConcurrentDictionary<string, AgentInbox> inboxes = new(StringComparer.Ordinal);
    private volatile TaskCompletionSource<string> first = NewFirst();
    private string reported = "";

    /// <summary>Under which the agents of this silo have their inboxes watched now. A new one: each has its inbox watched again.</summary>
    public string Key { get; private set; } = NewKey();

    public void Add(string handle, AgentInbox inbox) => inboxes[handle] = inbox;

    public void Remove(string handle, AgentInbox inbox)
    {
        if (inboxes.TryRemove(KeyValuePair.Create(handle, inbox))) runtime.Fell(handle);
    }

    /// <summary>The agent's inbox is watched under the key, so the agent can ask for news.</summary>
    public void Watched(string handle, string key)
    {
        if (key == Key) first.TrySetResult(handle);
    }

    /// <summary>An inbox is not watched, so it is read without news only.</summary>
    public void Missed(Exception error)
    {
        if (Interlocked.Exchange(ref reported, Key) != Key) LogNone(runtime.Log, error);
    }

    /// <summary>The agent reads its inbox at once, if it is active here.</summary>
    public void Look(string handle)
    {
        if (inboxes.TryGetValue(handle, out var inbox)) inbox.Look();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                LookAll();
                await FollowAsync(Key, stop);
                await Task.Delay(runtime.PollInterval, stop);
                first = NewFirst();
                Key = NewKey();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    /// <summary>Ends when the journal does not know the key any more.</summary>
    private async Task FollowAsync(string key, CancellationToken stop)
    {
        var journal = runtime.ClientOf(await first.Task.WaitAsync(stop));
        var missed = false;
        while (true)
        {
            try
            {
                if (await journal.NextNewsAsync(key, stop) is not { } news) return;
                if (missed) LookAll();
                else if (news.Halts) LookWhereWorkIs();
                foreach (var handle in news.Inboxes) Look(handle);
                missed = false;
            }
            catch (JournalUnavailableException error)
            {
                // News that an unanswered call has taken are lost.
                Missed(error);
                missed = true;
                await Task.Delay(runtime.PollInterval, stop);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                Missed(error);
                return;
            }
        }
    }

    private static TaskCompletionSource<string> NewFirst() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string NewKey() => Guid.NewGuid().ToString("n");

    private void LookAll()
    {
        foreach (var inbox in inboxes.Values) inbox.Look();
    }

    /// <summary>A halt stops nothing of an agent without work. It confirms the halt when it looks the next time.</summary>
    private void LookWhereWorkIs()
    {
        var concerned = inboxes.Values.Where(inbox => inbox.HasWork).ToList();
        foreach (var inbox in concerned.Where(inbox => inbox.IsBusy)) inbox.Look();
        foreach (var inbox in concerned.Where(inbox => !inbox.IsBusy)) inbox.Look();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no news from the journal; agents read their inboxes seldom")]
    private static partial void LogNone(ILogger log, Exception error);
}
