using System.Text;
using System.Text.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Events;

/// <summary>Writes the feed to one reader as server-sent events. It reads page by page from the journal, as fast as the reader takes it, so
/// nothing is kept for slow readers; one that takes nothing at all for a while is dropped and may resume.</summary>
/// <param name="named">Each event has its name as its type; else all are plain messages, which a browser's script gets without knowing every name.</param>
internal sealed class EventStream(IJournal journal, FeedSignal signal, HttpResponse response, TimeSpan slowest, bool named)
{
    private const int AtOnce = 256;

    /// <summary>A look at the journal even when nothing signals: another node may have written.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);

    private readonly MemoryStream page = new();

    /// <returns>When the reader is gone, too slow, or the server stops.</returns>
    public async Task WriteAsync(string? after, string? incident, CancellationToken cancel)
    {
        var heartbeat = Environment.TickCount64;
        if (!await FlushAsync($": connected\nretry: 1000\n{Place(after)}\n", cancel)) return;
        while (!cancel.IsCancellationRequested)
        {
            var grown = signal.Next;
            var feed = await journal.FeedAsync(after, AtOnce, incident, cancel);
            after = feed.Cursor;
            if (feed.Events.Length > 0)
            {
                if (!await FlushAsync(feed.Events, cancel)) return;
                heartbeat = Environment.TickCount64;
                continue;
            }

            if (Environment.TickCount64 - heartbeat >= HeartbeatEvery.TotalMilliseconds)
            {
                if (!await FlushAsync($": alive\n{Place(after)}\n", cancel)) return;
                heartbeat = Environment.TickCount64;
            }

            await Task.WhenAny(grown, Task.Delay(LookEvery, cancel));
        }
    }

    /// <summary>An id without an event: whoever is cut off before the next one resumes here, without a gap.</summary>
    private static string Place(string? after) => after is null ? "" : $"id: {after}\n";

    private Task<bool> FlushAsync(IEnumerable<StoredEvent> events, CancellationToken cancel)
    {
        page.SetLength(0);
        foreach (var stored in events)
        {
            page.Write(Encoding.UTF8.GetBytes(named ? $"id: {stored.Cursor}\nevent: {stored.Name}\ndata: " : $"id: {stored.Cursor}\ndata: "));
            JsonSerializer.Serialize(page, EventView.Of(stored), ServerJson.Info<EventView>());
            page.Write("\n\n"u8);
        }

        return FlushAsync(page.GetBuffer().AsMemory(0, (int)page.Length), cancel);
    }

    private Task<bool> FlushAsync(string text, CancellationToken cancel) => FlushAsync(Encoding.UTF8.GetBytes(text), cancel);

    /// <summary>False: the reader did not take it in time.</summary>
    private async Task<bool> FlushAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(slowest);
        try
        {
            await response.Body.WriteAsync(bytes, late.Token);
            await response.Body.FlushAsync(late.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            response.HttpContext.Abort();
            return false;
        }
    }
}
