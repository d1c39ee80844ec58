using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IncidentActors.Cli.Terminals;

namespace IncidentActors.Cli.Http;

/// <summary>One event of the feed.</summary>
/// <param name="Id">The feed resumes behind it.</param>
/// <param name="Data">The event as the server wrote it.</param>
internal sealed record FeedEvent(string? Id, string Data)
{
    /// <summary>As people are shown it.</summary>
    public JsonElement Json { get; } = Parse(Visible.Json(Data));

    private static JsonElement Parse(string data)
    {
        using var document = JsonDocument.Parse(data);
        return document.RootElement.Clone();
    }
}

/// <summary>Follows <c>GET /api/events</c>. A lost connection is opened again behind the last event that was seen, for as long as the caller wants.</summary>
internal sealed class EventStream(ServerClient client, Func<TimeSpan, CancellationToken, Task> pause)
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    /// <summary>The server sends something every 15 seconds; after this silence the connection is dead.</summary>
    private static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(45);

    /// <summary>Called when the connection is lost (with the reason) and when it is there again (with null).</summary>
    public Action<string?>? Connection { get; init; }

    /// <summary>Why the stream has ended: refused by the server, or never reached. Null until then.</summary>
    public ServerAnswer? Refusal { get; private set; }

    /// <param name="after">Cursor behind which to begin; null: with the next event.</param>
    public async IAsyncEnumerable<FeedEvent> ReadAsync(string path, string? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (connected, failures) = (false, 0);
        while (true)
        {
            var (response, trouble) = await OpenAsync(path, after, cancel);
            if (response is not null)
            {
                using (response)
                {
                    if (!IsFeed(response))
                    {
                        var refused = Refused(response, await response.Content.ReadAsStringAsync(cancel));
                        if (!connected || refused.Status is >= HttpStatusCode.Ambiguous and < HttpStatusCode.InternalServerError)
                        {
                            Refusal = refused;
                            yield break;
                        }

                        trouble = refused.Trouble ?? Problem.Read(refused).Sentence;
                    }
                    else
                    {
                        connected = true;
                        await foreach (var (id, data) in EventsAsync(response, Heard, cancel))
                        {
                            after = id ?? after;
                            if (data is not null) yield return new FeedEvent(id, data);
                        }

                        trouble = "the server closed the connection.";
                    }
                }
            }

            if (!connected)
            {
                Refusal = new ServerAnswer(null, "", trouble);
                yield break;
            }

            if (failures++ == 0) Connection?.Invoke(trouble);
            var wait = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(failures, 6)));
            await pause(wait < MaxPause ? wait : MaxPause, cancel);
        }

        // Not before something has come: what accepts connections and closes them is not there again.
        void Heard()
        {
            if (failures > 0) Connection?.Invoke(null);
            failures = 0;
        }
    }

    private async Task<(HttpResponseMessage? Response, string? Trouble)> OpenAsync(string path, string? after, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(SilenceTimeout);
        try
        {
            return (await client.OpenAsync(path, after, late.Token), null);
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            return (null, client.Address.Unreachable(error));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, $"{client.Address} did not answer within {SilenceTimeout.TotalSeconds:0} s.");
        }
    }

    /// <summary>A proxy's page is not a stream, also with a status of success.</summary>
    private static bool IsFeed(HttpResponseMessage response) =>
        response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "text/event-stream";

    private ServerAnswer Refused(HttpResponseMessage response, string body) => response.IsSuccessStatusCode
        ? new ServerAnswer(
            null, "", $"{client.Address} answers with {response.Content.Headers.ContentType?.MediaType ?? "nothing"}, not with the feed of events.")
        : new ServerAnswer(response.StatusCode, body, client.RedirectProblem(response));

    /// <summary>Data, or null where the server only says how far the feed has come. Ends when the stream does, or when it is silent.</summary>
    /// <param name="heard">Called with the first word of the server.</param>
    private static async IAsyncEnumerable<(string? Id, string? Data)> EventsAsync(
        HttpResponseMessage response, Action heard, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var stream = new SilenceTimeoutStream(await response.Content.ReadAsStreamAsync(cancel), SilenceTimeout, heard);
        var parser = SseParser.Create(stream);
        await using var events = parser.EnumerateAsync(cancel).GetAsyncEnumerator(CancellationToken.None);
        string? last = null;
        while (await NextAsync())
        {
            last = Text(parser.LastEventId);
            yield return (last, Text(events.Current.Data));
        }

        if (Text(parser.LastEventId) is { } place && place != last) yield return (place, null);

        async Task<bool> NextAsync()
        {
            try
            {
                return await events.MoveNextAsync();
            }
            catch (Exception error)
                when (error is IOException or HttpRequestException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                return false;
            }
        }
    }

    private static string? Text(string text) => text.Length > 0 ? text : null;
}
