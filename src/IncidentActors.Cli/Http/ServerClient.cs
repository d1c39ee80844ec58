using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace IncidentActors.Cli.Http;

/// <summary>
/// Sends requests. Every POST carries an idempotency key, so that one without an answer, or with 502, 503 or 504, is sent again
/// with the same key without harm: at most <see cref="Attempts"/> times in all, each repetition said through <c>tells</c>.
/// The handler is the caller's: several clients may share it.
/// </summary>
internal sealed class ServerClient : IDisposable
{
    public const int MaxAttempts = 4;
    private const string TrialClockHeader = "X-Trial-Clock";

    /// <summary>After this time a line tells the user what the client waits for.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private readonly HttpClient http;
    private readonly Func<TimeSpan, CancellationToken, Task> pause;
    private readonly Action<string> tells;

    public ServerClient(ServerAddress address, HttpMessageHandler handler, Func<TimeSpan, CancellationToken, Task> pause, Action<string> tells)
    {
        Address = address;
        this.pause = pause;
        this.tells = tells;
        http = new HttpClient(handler, disposeHandler: false) { BaseAddress = address.Server, Timeout = Timeout.InfiniteTimeSpan };
    }

    public ServerAddress Address { get; }

    /// <summary>Called with the server's time where the server runs on a trial's clock.</summary>
    public Action<DateTimeOffset>? ServerTimeReceived { get; init; }

    /// <summary>Retries a refused connection too, because the server may be restarting.</summary>
    public bool AwaitsServer { get; init; }

    public int Attempts { get; init; } = MaxAttempts;

    /// <summary>Maximum time of one attempt. The server itself gives up a turn after 30 seconds.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan MaxPause { get; init; } = TimeSpan.FromSeconds(5);

    public Task<ServerAnswer> GetAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Get, path, null, null, cancel);

    /// <param name="key">The idempotency key; the same command again must carry the same one.</param>
    public Task<ServerAnswer> PostAsync(string path, JsonObject body, string key, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, path, body.ToJsonString(), key, cancel);

    /// <summary>An open answer with a body that is read as it arrives; the caller disposes it.</summary>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string path, string? lastEventId, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        Address.Sign(request);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        if (lastEventId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    private async Task<ServerAnswer> SendAsync(HttpMethod method, string path, string? body, string? key, CancellationToken cancel)
    {
        try
        {
            return await UntilAnsweredAsync(method, path, body, key, cancel);
        }
        catch (OperationCanceledException) when (key is not null)
        {
            tells($"Interrupted: the outcome is unknown. Send the same command with --key {key} to learn it.");
            throw;
        }
    }

    private async Task<ServerAnswer> UntilAnsweredAsync(HttpMethod method, string path, string? body, string? key, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (answer, retry) = await AttemptAsync(method, path, body, key, cancel);
            if (!retry || attempt >= Attempts) return answer with { Key = key };
            var wait = answer.RetryAfter ?? TimeSpan.FromMilliseconds(100 * Math.Pow(3, Math.Min(attempt, 4) - 1));
            if (wait > MaxPause) wait = MaxPause;
            tells(
                $"{answer.Trouble ?? Problem.Read(answer).Sentence} Trying again in {wait.TotalSeconds:0.#} s (attempt {attempt + 1} of "
                + $"{Attempts}{(key is null ? "" : ", same key")}).");
            await pause(wait, cancel);
        }
    }

    private async Task<(ServerAnswer Answer, bool Retry)> AttemptAsync(HttpMethod method, string path, string? body, string? key, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(ResponseTimeout);
        await using var patience = new Timer(
            _ => tells($"Waiting for an answer of {Address}, {ResponseTimeout.TotalSeconds:0} s at most."), null, Quiet, Timeout.InfiniteTimeSpan);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            Address.Sign(request);
            request.Headers.TryAddWithoutValidation("Accept", "application/json, application/problem+json");
            if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, late.Token);
            var text = await response.Content.ReadAsStringAsync(late.Token);
            var after = response.Headers.RetryAfter?.Delta;
            if (response.Headers.TryGetValues(TrialClockHeader, out var given)
                && DateTimeOffset.TryParse(given.First(), CultureInfo.InvariantCulture, out var time)) ServerTimeReceived?.Invoke(time);
            return (new ServerAnswer(response.StatusCode, text, RedirectProblem(response), after), IsAway(response.StatusCode));
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            // A peer that resets right after it accepted is a SocketException of HttpClient itself.
            var refused = error is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }
                or { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } };
            return (new ServerAnswer(null, "", Address.Unreachable(error)), AwaitsServer || !refused);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (new ServerAnswer(null, "", $"{Address} did not answer within {ResponseTimeout.TotalSeconds:0} s."), true);
        }
        catch (IOException error)
        {
            return (new ServerAnswer(null, "", $"The connection to {Address} was lost: {error.Message.TrimEnd('.')}."), true);
        }
    }

    /// <summary>Target of a redirect response (redirects are not followed), or null.</summary>
    public string? RedirectProblem(HttpResponseMessage response) => (int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } location
        ? $"{Address} redirects to {location}. Name the server itself with --server or INCIDENT_SERVER."
        : null;

    /// <summary>The server itself, or a proxy that cannot reach it just now.</summary>
    private static bool IsAway(HttpStatusCode status) =>
        status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;

    public void Dispose() => http.Dispose();
}
