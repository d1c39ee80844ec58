using IncidentActors.Testing;
using System.Collections.Immutable;
using System.Diagnostics;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Benchmarks.Alerts;

/// <summary>From an alert's arrival to the durable incident with its directive, at a steady rate (open loop: late starts count).</summary>
internal static class AlertToDirective
{
    private const int PerSecond = 1000;
    private const int ColdSeconds = 3;
    private const int Seconds = 10;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var journal = new SqliteStore(folder.File("journal.db"));
        await journal.OpenAsync(CancellationToken.None);
        await using var engine = new InProcessActors(journal, new EngineOptions(), NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        var cold = (await SendAsync(engine, "cold", ColdSeconds)).Order().ToList();
        var (cpu, allocated, paused, collections) = (Table.Cpu, GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration(), GC.CollectionCount(0));
        var latencies = (await SendAsync(engine, "warm", Seconds)).Order().ToList();
        var used = Table.Cpu - cpu;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        collections = GC.CollectionCount(0) - collections;
        paused = GC.GetTotalPauseDuration() - paused;
        Table.Row($"the first {ColdSeconds} s of a new process, p50", Table.Percentile(cold, 0.5), "ms");
        Table.Row($"the first {ColdSeconds} s of a new process, p99", Table.Percentile(cold, 0.99), "ms");
        Table.Row("alert to incident and directive, p50", Table.Percentile(latencies, 0.5), "ms");
        Table.Row("alert to incident and directive, p99", Table.Percentile(latencies, 0.99), "ms", "aim < 10");
        Table.Row("alert to incident and directive, highest", latencies[^1], "ms");
        Table.Row("processor time per alert", used.TotalMilliseconds * 1000 / latencies.Count, "µs");
        Table.Row("allocated per alert", allocated / 1024.0 / latencies.Count, "KiB");
        Table.Row("collections, and the mean pause of one", paused.TotalMilliseconds / Math.Max(1, collections), "ms", $"{collections} of them");
    }

    /// <summary>Milliseconds of each.</summary>
    private static async Task<double[]> SendAsync(InProcessActors engine, string name, int seconds)
    {
        var tasks = new List<Task<double>>(PerSecond * seconds);
        var sender = new Thread(() => Send(engine, name, tasks, PerSecond * seconds)) { Name = "alerts" };
        sender.Start();
        sender.Join();
        return await Task.WhenAll(tasks);
    }

    /// <summary>On a thread of its own, as alerts come from elsewhere.</summary>
    private static void Send(InProcessActors engine, string name, List<Task<double>> tasks, int all)
    {
        using var never = new ManualResetEvent(false);
        var start = Stopwatch.GetTimestamp();
        while (tasks.Count < all)
        {
            never.WaitOne(1);
            var due = Math.Min(all, Stopwatch.GetElapsedTime(start).TotalSeconds * PerSecond);
            while (tasks.Count < due)
            {
                var number = tasks.Count;
                var planned = start + (long)(number * (double)Stopwatch.Frequency / PerSecond);
                tasks.Add(Task.Run(() => DeclareAsync(engine, $"{name}{number}", planned)));
            }
        }
    }

    private static async Task<double> DeclareAsync(InProcessActors engine, string name, long planned)
    {
        var alert = new AlertSeen($"fp-{name}", "HighErrorRate", AlertStatus.Firing, DateTimeOffset.UtcNow, null, null);
        var outcome = await engine.Declarations.DeclareAsync(
            new DeclareIncident($"service {name} fails", Severity.Sev2, Source: "alertmanager", Group: $"group-{name}", Alerts: [alert]),
            new Call { At = default, Seed = "", By = "@alertmanager" });
        return outcome is Accepted
            ? Stopwatch.GetElapsedTime(planned).TotalMilliseconds
            : throw new InvalidOperationException(outcome.ToString());
    }
}
