using System.Collections.Concurrent;
using System.Text;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Server.Metrics;

/// <summary>The series of one metric, one for each value of its label.</summary>
internal sealed class Series
{
    private const string None = "";

    private readonly Metric metric;
    private readonly ConcurrentDictionary<string, Sum> sums = new();

    /// <summary>What grows begins at 0, for only what has been 0 can be seen to grow.</summary>
    public Series(Metric metric)
    {
        this.metric = metric;
        if (metric.Instrument == MetricInstrument.Gauge) return;
        foreach (var label in metric.Labels.IsEmpty ? [None] : MetricCatalogue.Values.GetValueOrDefault(metric.Labels[0], [])) Of(label);
    }

    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var label = tags.Length == 0 ? None : tags[0].Value as string ?? None;
        var sum = Of(label);
        lock (sum)
        {
            sum.Value = metric.Instrument == MetricInstrument.Gauge ? value : sum.Value + value;
            if (metric.Instrument == MetricInstrument.Histogram) sum.Counts[Bucket(value)]++;
        }
    }

    /// <summary>A gauge shows what is observed now, and nothing where nothing is.</summary>
    public void Forget()
    {
        if (metric.Instrument == MetricInstrument.Gauge) sums.Clear();
    }

    public void Write(StringBuilder to)
    {
        if (sums.IsEmpty) return;
        PrometheusText.WriteHead(to, metric);
        foreach (var (name, sum) in sums.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var label = metric.Labels.IsEmpty ? null : name;
            double value;
            long[] counts;
            lock (sum) (value, counts) = (sum.Value, [.. sum.Counts]);
            if (metric.Instrument == MetricInstrument.Histogram)
                PrometheusText.WriteHistogram(to, metric, label, counts, value);
            else
                PrometheusText.WriteValue(to, metric, label, value);
        }
    }

    private Sum Of(string label) => sums.GetOrAdd(label, static (_, of) => new Sum(of.Buckets.IsDefault ? 0 : of.Buckets.Length + 1), metric);

    /// <summary>Bounds belong to the bucket below them.</summary>
    private int Bucket(double value)
    {
        var bounds = metric.Buckets.AsSpan();
        var index = bounds.BinarySearch(value);
        return index < 0 ? ~index : index;
    }

    private sealed class Sum(int buckets)
    {
        public double Value { get; set; }
        public long[] Counts { get; } = new long[buckets];
    }
}
