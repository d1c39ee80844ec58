using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Silo.Agents;

/// <summary>
/// Tells one client about the inboxes of its agents, so that a process with many agents waits by one call. The key is 128 random bits that the client has
/// chosen. What it is told are hints: a lost silo loses them, so each inbox is also read now and then.
/// </summary>
[Alias("incident-actors.inbox-news")]
public interface IInboxNewsGrain : IGrainWithStringKey
{
    /// <summary>Watches the caller's inbox for an hour.</summary>
    [Alias("watch")]
    Task WatchAsync(Call call);

    /// <summary>Waits until there is news that no call has told, or the time is over.</summary>
    /// <param name="wait">30 s at most.</param>
    /// <returns>Null: the caller's inbox is not watched, because it never was, or the silo was lost.</returns>
    [Alias("next")]
    Task<InboxNews?> NextAsync(Call call, TimeSpan wait);
}
