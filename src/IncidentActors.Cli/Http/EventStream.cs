using System.Net;
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
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>The server says something every 15 seconds; silent for so long, the connection is dead.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);

    /// <summary>Called when the connection is lost (with the reason) and when it is there again (with null).</summary>
    public Action<string?>? Connection { get; init; }

    /// <summary>Why the stream has ended: refused by the server, or never reached. Null until then.</summary>
    public ServerAnswer? Refusal { get; private set; }

    /// <param name="after">Cursor behind which to begin; null: with the next event.</param>
    public async IAsyncEnumerable<FeedEvent> ReadAsync(string path, string? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var connected = false;
        for (var failures = 0; ;)
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
                        await foreach (var (id, data) in EventsAsync(response, cancel))
                        {
                            // Not before something has come: what accepts connections and closes them is not there again.
                            if (failures > 0) Connection?.Invoke(null);
                            failures = 0;
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
            await pause(wait < LongestPause ? wait : LongestPause, cancel);
        }
    }

    private async Task<(HttpResponseMessage? Response, string? Trouble)> OpenAsync(string path, string? after, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(LongestSilence);
        try
        {
            return (await client.OpenAsync(path, after, late.Token), null);
        }
        catch (HttpRequestException error)
        {
            return (null, $"{client.Address} cannot be reached: {(error.InnerException ?? error).Message.TrimEnd('.')}.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, $"{client.Address} did not answer within {LongestSilence.TotalSeconds:0} s.");
        }
    }

    /// <summary>A proxy's page is none, also when its status says that all is well.</summary>
    private static bool IsFeed(HttpResponseMessage response) =>
        response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "text/event-stream";

    private ServerAnswer Refused(HttpResponseMessage response, string body) => response.IsSuccessStatusCode
        ? new ServerAnswer(
            null, "", $"{client.Address} answers with {response.Content.Headers.ContentType?.MediaType ?? "nothing"}, not with the feed of events.")
        : new ServerAnswer(response.StatusCode, body, client.Elsewhere(response));

    /// <summary>Data, or null where the server only says how far the feed has come.</summary>
    private static async IAsyncEnumerable<(string? Id, string? Data)> EventsAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        string? id = null;
        var data = new List<string>();
        while (await LineAsync(reader, cancel) is { } line)
        {
            if (line.Length == 0)
            {
                yield return (id, data.Count > 0 ? string.Join('\n', data) : null);
                data.Clear();
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon == 0) continue;
            var field = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..].TrimStart(' ');
            if (field == "id") id = value;
            else if (field == "data") data.Add(value);
        }
    }

    /// <summary>The next line, or null: the stream has ended or the connection is lost.</summary>
    private static async Task<string?> LineAsync(StreamReader reader, CancellationToken cancel)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(LongestSilence);
        try
        {
            return await reader.ReadLineAsync(silence.Token);
        }
        catch (Exception error) when (error is IOException or HttpRequestException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }
}
