using System.Threading.RateLimiting;

namespace IncidentActors.Server.Tokens;

/// <summary>How many requests each token may make: a bucket per token that fills steadily.</summary>
/// <param name="perSecond">Requests per second in the long run.</param>
/// <param name="atOnce">Requests at once after a pause.</param>
internal sealed class TokenBuckets(double perSecond, double atOnce) : IAsyncDisposable
{
    /// <summary>By the token's id; the empty key means a request without a token, which is not limited here.</summary>
    public PartitionedRateLimiter<string> Limiter { get; } = PartitionedRateLimiter.Create<string, string>(token => token.Length == 0
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetTokenBucketLimiter(token, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(1, (int)atOnce),
            TokensPerPeriod = Math.Max(1, (int)(perSecond / 10)),
            ReplenishmentPeriod = perSecond >= 10 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1 / perSecond),
            QueueLimit = 0,
        }));

    public ValueTask DisposeAsync() => Limiter.DisposeAsync();
}
