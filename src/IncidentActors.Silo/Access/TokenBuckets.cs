using System.Threading.RateLimiting;

namespace IncidentActors.Silo.Access;

/// <summary>How many requests and grain calls each token may make of a node: a bucket per token that fills steadily.</summary>
/// <param name="perSecond">Requests per second in the long run.</param>
/// <param name="atOnce">Requests at once after a pause.</param>
public sealed class TokenBuckets(double perSecond, double atOnce) : IAsyncDisposable
{
    public const double DefaultPerSecond = 200;
    public const double DefaultAtOnce = 1000;

    /// <summary>Waiting time of a refusal that does not say when the bucket has filled.</summary>
    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(10);

    /// <summary>Buckets by token id. The empty key is a request without a token, which is not limited here.</summary>
    public PartitionedRateLimiter<string> Limiter { get; } = PartitionedRateLimiter.Create<string, string>(token => token.Length == 0
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetTokenBucketLimiter(token, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(1, (int)atOnce),
            TokensPerPeriod = Math.Max(1, (int)(perSecond / 10)),
            ReplenishmentPeriod = perSecond >= 10 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1 / perSecond),
            QueueLimit = 0,
        }));

    /// <summary>When to retry; null if the token may make the call.</summary>
    internal TimeSpan? Refusal(string token)
    {
        using var lease = Limiter.AttemptAcquire(token);
        return lease.IsAcquired ? null : RetryAfter(lease);
    }

    /// <summary>When to come again after a refusal.</summary>
    public static TimeSpan RetryAfter(RateLimitLease lease) => lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : DefaultRetry;

    public ValueTask DisposeAsync() => Limiter.DisposeAsync();
}
