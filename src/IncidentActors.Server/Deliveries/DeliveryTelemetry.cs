using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Server.Deliveries;

/// <summary>What this node tells of its deliveries.</summary>
internal sealed class DeliveryTelemetry
{
    private readonly TimeProvider time;
    private readonly IncidentTraces? traces;
    private readonly Counter<long> attempts;
    private readonly Histogram<double> duration;

    /// <summary>By subscription.</summary>
    private readonly ConcurrentDictionary<string, (int Waiting, int Failing)> queues = new();

    /// <param name="traces">Null: no collector takes spans.</param>
    public DeliveryTelemetry(NodeMetrics metrics, TimeProvider time, IncidentTraces? traces)
    {
        this.time = time;
        this.traces = traces;
        attempts = metrics.Counter(MetricCatalogue.Deliveries);
        duration = metrics.Histogram(MetricCatalogue.DeliveryDuration);
        metrics.Gauge(MetricCatalogue.DeliveriesWaiting, () => [new Measurement<double>(queues.Values.Sum(queue => queue.Waiting))]);
        metrics.Gauge(MetricCatalogue.DeliveriesFailing, () => [new Measurement<double>(queues.Values.Sum(queue => queue.Failing))]);
    }

    public void Waits(string subscription, IReadOnlyList<Kept<Delivery>> waiting) =>
        queues[subscription] = (waiting.Count, waiting.Count(delivery => delivery.Value.Attempts > 0));

    public void Leaves(string subscription) => queues.TryRemove(subscription, out _);

    /// <param name="last">No attempt follows.</param>
    public void Attempted(string subscription, Delivery delivery, DeliveryResult result, DateTimeOffset began, bool last)
    {
        attempts.Add(1, new KeyValuePair<string, object?>(Names.DeliveryOutcome, OutcomeOf(result, last)));
        duration.Record(Math.Max(0, (time.GetUtcNow() - began).TotalSeconds));
        if (delivery.Lane.StartsWith("INC-", StringComparison.Ordinal)) traces?.Delivered(delivery.Lane, subscription, delivery.Id, began, result.Error);
    }

    private static string OutcomeOf(DeliveryResult result, bool last) => result switch
    {
        { Error: null } => "delivered",
        { Gone: true } => "gone",
        _ => last ? "dead" : "failed",
    };
}
