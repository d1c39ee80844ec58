using System.Threading.RateLimiting;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Problems;
using IncidentActors.Silo.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace IncidentActors.Server.Tokens;

/// <summary>How much one token, or a sender that has not shown one yet, may ask of a node, so that it does not crowd out others.</summary>
internal static class RateLimits
{
    /// <summary>Streams that one token may hold open.</summary>
    public const int MaxStreamsPerToken = 50;

    /// <summary>Streams of all tokens together.</summary>
    private const int MaxStreams = 900;

    /// <summary>Additional streams that are reserved for administrators.</summary>
    private const int ReservedStreams = 100;

    /// <summary>Bodies of sources that send their key in the body, from one address and from all: each may be half a megabyte.</summary>
    private const int MaxUnknownBodiesPerAddress = 32;
    private const int MaxUnknownBodies = 256;

    /// <summary>Bytes per second of a body from a sender that is not known yet.</summary>
    private static readonly MinDataRate UnknownBodyRate = new(10_000, TimeSpan.FromSeconds(5));

    public static void AddRateLimits(this IServiceCollection services, double perSecond, double atOnce)
    {
        services.AddSingleton(_ => new TokenBuckets(perSecond, atOnce));
        services.AddSingleton<RequestLimits>();
    }

    /// <summary>
    /// Takes the limits that are disposed with the services. The framework's own middleware is not used: it never disposes its limiter, whose
    /// timer then keeps the whole application in memory after it has stopped.
    /// </summary>
    public static void UseRateLimits(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<RequestLimits>();
        app.Use(async (http, next) =>
        {
            using var lease = await limits.AcquireAsync(http);
            if (lease.IsAcquired) await next(http);
            else await Answer.WriteAsync(http, TooMany(http, TokenGate.Shown(http), lease));
        });
    }

    /// <summary>A source that shows its key in the body cannot hold its connection by sending slowly.</summary>
    public static void UseUnknownBodyRate(this WebApplication app) => app.Use((http, next) =>
    {
        if (IsUnknownSource(http) && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = UnknownBodyRate;
        return next(http);
    });

    private static bool IsStream(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<OpenStream>() is not null;

    private static bool IsUnknownSource(HttpContext http) =>
        http.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<AlertSource>() is not null && metadata.GetMetadata<IAllowAnonymous>() is not null;

    /// <summary>Alertmanager drops an alert at 429 and sends it again at 503; senders of PagerDuty events take 429 as a wait.</summary>
    public static Problem TooMany(HttpContext http, AccessToken? token, RateLimitLease lease) => Problem.Named(
        Rules.TokenRate,
        "Too many requests",
        http.GetEndpoint()?.Metadata.GetMetadata<CredentialsFrom>() is { Scheme: Schemes.Alertmanager }
            ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status429TooManyRequests,
        $"{(token is null ? "There are" : $"The token {token.Id} has")} too many requests or open streams; nothing was changed. "
        + "Send it again after the time in Retry-After.") with
    {
        RetryAfter = TokenBuckets.RetryAfter(lease),
    };

    /// <summary>What every request must pass: its token's bucket, and how many of its kind are open.</summary>
    internal sealed class RequestLimits : IAsyncDisposable
    {
        private readonly PartitionedRateLimiter<HttpContext>[] parts;
        private readonly PartitionedRateLimiter<HttpContext> all;

        public RequestLimits(TokenBuckets buckets)
        {
            parts =
            [
                buckets.Limiter.WithTranslatedKey<HttpContext>(static http => TokenGate.Shown(http)?.Id ?? "", leaveOpen: true),
                Limit(static http => IsStream(http) && TokenGate.Shown(http) is { } token ? (token.Id, MaxStreamsPerToken) : null),
                Limit(static http => !IsStream(http) ? null
                    : TokenGate.Shown(http) is { Administers: true } ? ("reserve", ReservedStreams)
                    : ("all", MaxStreams)),
                Limit(static http => IsUnknownSource(http) ? ($"{http.Connection.RemoteIpAddress}", MaxUnknownBodiesPerAddress) : null),
                Limit(static http => IsUnknownSource(http) ? ("all", MaxUnknownBodies) : null),
            ];
            all = PartitionedRateLimiter.CreateChained(parts);
        }

        public ValueTask<RateLimitLease> AcquireAsync(HttpContext http) => all.AcquireAsync(http, 1, http.RequestAborted);

        public async ValueTask DisposeAsync()
        {
            await all.DisposeAsync();
            foreach (var part in parts) await part.DisposeAsync();
        }

        private static PartitionedRateLimiter<HttpContext> Limit(Func<HttpContext, (string Key, int AtOnce)?> of) =>
            PartitionedRateLimiter.Create<HttpContext, string>(http => of(http) is var (key, atOnce)
                ? RateLimitPartition.GetConcurrencyLimiter(key, _ => new ConcurrencyLimiterOptions { PermitLimit = atOnce, QueueLimit = 0 })
                : RateLimitPartition.GetNoLimiter(""));
    }
}
