using System.Diagnostics.Metrics;
using System.Text;
using IncidentActors.Engine.Telemetry;

namespace IncidentActors.Server.Metrics;

/// <summary>Adds up what one node measures, for whoever comes and reads it: <c>GET /metrics</c>.</summary>
internal sealed class Scraping : IDisposable
{
    private readonly NodeMetrics metrics;
    private readonly MeterListener listener = new();
    private readonly Dictionary<string, Series> series = MetricCatalogue.All.ToDictionary(metric => metric.Name, metric => new Series(metric));
    private readonly Lock reading = new();

    public Scraping(NodeMetrics metrics)
    {
        this.metrics = metrics;
        listener.InstrumentPublished = OnPublished;
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((Series)state!).Add(value, tags));
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((Series)state!).Add(value, tags));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((Series)state!).Add(value, tags));
        listener.Start();
    }

    /// <summary>All series in Prometheus' text format; metrics without any are left out.</summary>
    public string Read()
    {
        var text = new StringBuilder(16 * 1024);
        lock (reading)
        {
            foreach (var one in series.Values) one.Forget();
            listener.RecordObservableInstruments();
            foreach (var metric in MetricCatalogue.All) series[metric.Name].Write(text);
        }

        return text.ToString();
    }

    private void OnPublished(Instrument instrument, MeterListener to)
    {
        if (ReferenceEquals(instrument.Meter.Scope, metrics) && series.TryGetValue(instrument.Name, out var found))
            to.EnableMeasurementEvents(instrument, found);
    }

    public void Dispose() => listener.Dispose();
}
