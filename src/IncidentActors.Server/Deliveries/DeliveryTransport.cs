using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IncidentActors.Server.Deliveries;

/// <summary>Whether a receiver that has refused a delivery may accept it later.</summary>
public enum Refusal
{
    /// <summary>It may: it was not reached, failed, or asked for a delay.</summary>
    Passing,

    /// <summary>It will never accept this delivery: 400, 413, 414, 422.</summary>
    Content,

    /// <summary>It accepts no delivery until its configuration or the subscription is changed: 401, 403, 404, 405, 407.</summary>
    Everything,
}

/// <summary>The result of one attempt to deliver.</summary>
/// <param name="Gone">The receiver answered 410: it accepts no further deliveries.</param>
/// <param name="RetryAfter">The delay that the receiver asked for, or null.</param>
/// <param name="Error">Why the attempt failed; null if the receiver accepted the delivery.</param>
public sealed record DeliveryResult(string? Error, bool Gone = false, TimeSpan? RetryAfter = null, Refusal Refusal = Refusal.Passing);

/// <summary>Posts deliveries. The name is resolved here and the connection goes to the address that was checked, whatever the name says
/// a moment later; redirects and proxies are not followed.</summary>
public sealed class DeliveryTransport : IDisposable
{
    private readonly DeliveryOptions options;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;
    private readonly HttpClient client;

    /// <param name="resolve">Names to addresses; null: the machine's own resolver.</param>
    public DeliveryTransport(DeliveryOptions options, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        this.options = options;
        this.resolve = resolve ?? Dns.GetHostAddressesAsync;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = options.Timeout,
            MaxResponseContentBufferSize = 64 * 1024,
        };
    }

    public async Task<DeliveryResult> SendAsync(Subscription subscription, Delivery delivery, DateTimeOffset now, CancellationToken cancel)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Body);
        using var request = new HttpRequestMessage(HttpMethod.Post, subscription.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(new("IncidentActors", "1"));
        request.Headers.Add(WebhookSignature.IdHeader, delivery.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(subscription.Secret, delivery.Id, now, body));
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (response.IsSuccessStatusCode) return new DeliveryResult(null);
            var after = response.Headers.RetryAfter;
            return new DeliveryResult(
                string.Create(CultureInfo.InvariantCulture, $"the receiver answered {(int)response.StatusCode}"),
                response.StatusCode == HttpStatusCode.Gone, after?.Delta ?? (after?.Date is { } date ? date - now : null), RefusalOf((int)response.StatusCode));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new DeliveryResult(string.Create(CultureInfo.InvariantCulture, $"no answer within {options.Timeout.TotalSeconds:0.#} seconds"));
        }
        catch (HttpRequestException error)
        {
            return new DeliveryResult(error.InnerException is RefusedException refused ? refused.Message : $"not reached: {error.HttpRequestError}");
        }
        catch (SocketException error)
        {
            return new DeliveryResult($"not reached: {error.SocketErrorCode}");
        }
    }

    private static Refusal RefusalOf(int status) => status switch
    {
        400 or 413 or 414 or 422 => Refusal.Content,
        401 or 403 or 404 or 405 or 407 => Refusal.Everything,
        _ => Refusal.Passing,
    };

    public void Dispose() => client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host;
        var found = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await resolve(host, cancel);
        var allowed = options.AllowPrivate ? found : [.. found.Where(Addresses.IsPublic)];
        if (allowed.Length == 0) throw new RefusedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Does not reveal what the name resolves to.</summary>
    private sealed class RefusedException() : IOException("refused: the address is private (the server's operator may allow it)");
}
