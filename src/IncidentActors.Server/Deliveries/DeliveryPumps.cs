using System.Collections.Concurrent;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Events;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Deliveries;

/// <summary>Keeps a pump running for every subscription that this node can have.</summary>
internal sealed class DeliveryPumps(
    RunningEngine engine, DeliveryRecords records, DeliveryTransport transport, DeliveryOptions options, FeedSignal signal, NodeMetrics metrics,
    ILogger<DeliveryPumps> log, IncidentTraces? traces = null) : BackgroundService
{
    private readonly ConcurrentDictionary<string, Task> running = new();
    private readonly DeliveryTelemetry telemetry = new(metrics, engine.Options.Time, traces);
    private volatile TaskCompletionSource changed = New();

    /// <summary>A subscription or a dead letter was changed here: look now.</summary>
    public void Look() => Interlocked.Exchange(ref changed, New()).TrySetResult();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var look = changed.Task;
            try
            {
                foreach (var one in (await records.SubscriptionsAsync(stoppingToken)).Where(one => one.Value.OffReason is null))
                    _ = running.GetOrAdd(one.Value.Id, id => Task.Run(() => PumpAsync(id, stoppingToken), CancellationToken.None));
            }
            catch (Exception error) when (error is JournalUnavailableException or OperationCanceledException)
            {
                // Looked for again a little later.
            }

            foreach (var (id, task) in running.Where(one => one.Value.IsCompleted)) running.TryRemove(KeyValuePair.Create(id, task));
            await Task.WhenAny(look, Task.Delay(options.PollInterval, engine.Options.Time, stoppingToken));
        }

        await Task.WhenAll(running.Values);
    }

    private async Task PumpAsync(string id, CancellationToken cancel)
    {
        var pump = new DeliveryPump(id, engine.Journal, engine.Dossiers, records, transport, options, signal, telemetry,
            new RefusalNotices(engine), engine.Options.Node, engine.Options.Time);
        try
        {
            await pump.RunAsync(cancel);
            await pump.ReleaseAsync();
        }
        catch (OperationCanceledException)
        {
            await pump.ReleaseAsync();
        }
        catch (JournalUnavailableException error)
        {
            log.DeliveriesStalled(id, error.Message);
        }
        catch (Exception error)
        {
            log.DeliveriesFailed(id, error);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
