using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Events;

/// <summary>The feed as server-sent events. It is read page by page from the journal, as fast as the reader takes it, so nothing is kept for slow
/// readers.</summary>
internal static class EventFeed
{
    private const int AtOnce = 256;

    /// <summary>A look at the journal even when nothing signals: another node may have written.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(3);

    /// <param name="named">Each event has its name as its type; else all are plain messages, which a browser's script gets without knowing every name.</param>
    public static async IAsyncEnumerable<SseItem<byte[]>> FollowAsync(
        Sse stream, IStoreReader store, FeedSignal signal, string? after, string? incident, bool named, [EnumeratorCancellation] CancellationToken cancel)
    {
        await stream.CommentAsync("connected\nretry: 1000", after, cancel);
        var heartbeat = Environment.TickCount64;
        while (true)
        {
            var grown = signal.Next;
            var feed = await store.FeedAsync(after, AtOnce, incident, cancel);
            after = feed.Cursor;
            foreach (var stored in feed.Events)
            {
                var data = JsonSerializer.SerializeToUtf8Bytes(EventView.Of(stored), ServerJson.Info<EventView>());
                yield return new SseItem<byte[]>(data, named ? stored.Name : null) { EventId = stored.Cursor };
            }

            if (feed.Events.Length > 0)
            {
                heartbeat = Environment.TickCount64;
                continue;
            }

            if (Environment.TickCount64 - heartbeat >= HeartbeatInterval.TotalMilliseconds)
            {
                if (named) await stream.CommentAsync("alive", after, cancel);
                else yield return Alive(after);
                heartbeat = Environment.TickCount64;
            }

            await Task.WhenAny(grown, Task.Delay(PollInterval, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A page's script sees no comments, so it gets an event and can tell a live stream from a frozen one.</summary>
    private static SseItem<byte[]> Alive(string? after) => new("alive"u8.ToArray(), "heartbeat") { EventId = after };
}
