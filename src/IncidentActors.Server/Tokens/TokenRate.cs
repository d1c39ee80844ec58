using System.Collections.Concurrent;

namespace IncidentActors.Server.Tokens;

/// <summary>How many requests a token may make: a bucket that fills steadily. Each node counts for itself.</summary>
/// <param name="perSecond">Requests per second in the long run.</param>
/// <param name="burst">Requests at once after a pause.</param>
public sealed class TokenRate(TimeProvider time, double perSecond, double burst)
{
    private readonly ConcurrentDictionary<string, Bucket> buckets = new();

    /// <summary>Null: go on. Else how long to wait.</summary>
    public TimeSpan? Take(string token)
    {
        var bucket = buckets.GetOrAdd(token, _ => new Bucket { Left = burst, At = time.GetTimestamp() });
        lock (bucket)
        {
            bucket.Left = Math.Min(burst, bucket.Left + (time.GetElapsedTime(bucket.At).TotalSeconds * perSecond));
            bucket.At = time.GetTimestamp();
            if (bucket.Left < 1) return TimeSpan.FromSeconds((1 - bucket.Left) / perSecond);
            bucket.Left--;
            return null;
        }
    }

    private sealed class Bucket
    {
        public double Left { get; set; }
        public long At { get; set; }
    }
}
