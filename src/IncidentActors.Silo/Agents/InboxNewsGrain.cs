using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Nodes;
using IncidentActors.Engine.Turns;
using Orleans.Concurrency;

namespace IncidentActors.Silo.Agents;

/// <summary>Follows the feed from its activation on, and the halts that this silo knows, while its client waits.</summary>
[GrainType("inbox-news")]
[Reentrant]
internal sealed class InboxNewsGrain(IGrainContext context, IStore journal, TurnExecutor turns) : IInboxNewsGrain, IGrainBase
{
    private const int MaxEvents = 256;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WatchTime = TimeSpan.FromHours(1);

    /// <summary>How often the halts are compared with those before, and signals are looked for.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Longest time between two looks at the feed: signals are only hints.</summary>
    private static readonly TimeSpan FeedInterval = TimeSpan.FromSeconds(1);

    /// <summary>Inboxes are read on other silos, which may have missed the broadcast: after this time they know the halts too.</summary>
    private static readonly TimeSpan RepeatHaltsAfter = 2 * StoreWatch.Interval;

    private static readonly string Sent = EventTypes.NameOf(typeof(MessageSent));

    private readonly Dictionary<string, long> watched = new(StringComparer.Ordinal);
    private readonly HashSet<string> inboxes = new(StringComparer.Ordinal);
    private volatile bool grown = true;
    private string cursor = "";
    private long feedReadAt;
    private bool reading;
    private string halts = "";
    private bool haltsChanged;
    private long? repeatHaltsAt;

    public IGrainContext GrainContext => context;

    public async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Signaled += OnSignal;
        halts = Halts();
        cursor = await journal.FeedEndAsync(cancellationToken);
    }

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Signaled -= OnSignal;
        return Task.CompletedTask;
    }

    public Task WatchAsync(Call call)
    {
        watched[call.By] = Environment.TickCount64 + (long)WatchTime.TotalMilliseconds;
        return Task.CompletedTask;
    }

    public async Task<InboxNews?> NextAsync(Call call, TimeSpan wait)
    {
        if (!IsWatched(call.By)) return null;
        var until = Environment.TickCount64 + (long)(wait < MaxWait ? wait : MaxWait).TotalMilliseconds;
        while (true)
        {
            LookAtHalts();
            await ReadFeedAsync();
            if (haltsChanged || inboxes.Count > 0 || Environment.TickCount64 >= until) return Take();
            await Task.Delay(Interval);
        }
    }

    private InboxNews Take()
    {
        var news = new InboxNews(haltsChanged, [.. inboxes]);
        haltsChanged = false;
        inboxes.Clear();
        return news;
    }

    private void LookAtHalts()
    {
        var now = Halts();
        if (now != halts)
        {
            (halts, haltsChanged) = (now, true);
            repeatHaltsAt = Environment.TickCount64 + (long)RepeatHaltsAfter.TotalMilliseconds;
        }
        else if (Environment.TickCount64 >= repeatHaltsAt)
        {
            (haltsChanged, repeatHaltsAt) = (true, null);
        }
    }

    private async Task ReadFeedAsync()
    {
        if (reading || (!grown && Environment.TickCount64 - feedReadAt < FeedInterval.TotalMilliseconds)) return;
        reading = true;
        try
        {
            (grown, feedReadAt) = (false, Environment.TickCount64);
            var page = await journal.FeedAsync(cursor, MaxEvents, null, CancellationToken.None);
            cursor = page.Cursor;
            if (page.Events.Length == MaxEvents) grown = true;
            foreach (var stored in page.Events.Where(stored => stored.Name == Sent))
            {
                var to = ((MessageSent)EventTypes.Read(stored.Name, stored.Payload.Span)).To;
                if (IsWatched(to)) inboxes.Add(to);
            }
        }
        finally
        {
            reading = false;
        }
    }

    private bool IsWatched(string handle) => watched.TryGetValue(handle, out var until) && Environment.TickCount64 < until;

    /// <summary>Differs from before when a halt was raised or lifted, in part too.</summary>
    private string Halts() => string.Join(' ', turns.Gate.Active.Select(halt => $"{halt.Id}:{halt.Lifts.Length}"));

    private void OnSignal(JournalSignal signal)
    {
        if (signal == JournalSignal.Feed) grown = true;
    }
}
