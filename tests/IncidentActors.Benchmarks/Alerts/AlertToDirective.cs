using System.Collections.Immutable;
using System.Diagnostics;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Journal.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Benchmarks.Alerts;

/// <summary>From an alert's arrival to the durable incident with its directive, at a steady rate (open loop: late starts count).</summary>
internal static class AlertToDirective
{
    private const int PerSecond = 1000;
    private const int Seconds = 10;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var journal = new SqliteJournal(folder.File("journal.db"));
        await journal.OpenAsync(CancellationToken.None);
        await using var engine = new EmbeddedEngine(journal, new EngineOptions(), NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => DeclareAsync(engine, -1 - i, 0)));
        var cpu = Table.Cpu;
        var tasks = new List<Task<double>>(PerSecond * Seconds);
        var start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (tasks.Count < PerSecond * Seconds && await timer.WaitForNextTickAsync())
        {
            var due = Math.Min(PerSecond * Seconds, Stopwatch.GetElapsedTime(start).TotalSeconds * PerSecond);
            while (tasks.Count < due)
            {
                var number = tasks.Count;
                var planned = start + (long)(number * (double)Stopwatch.Frequency / PerSecond);
                tasks.Add(Task.Run(() => DeclareAsync(engine, number, planned)));
            }
        }

        var latencies = (await Task.WhenAll(tasks)).Order().ToList();
        Table.Row("alert to incident and directive, p50", Table.Percentile(latencies, 0.5), "ms");
        Table.Row("alert to incident and directive, p99", Table.Percentile(latencies, 0.99), "ms", "aim < 10");
        Table.Row("alert to incident and directive, highest", latencies[^1], "ms");
        Table.Row("processor time per alert", (Table.Cpu - cpu).TotalMilliseconds * 1000 / tasks.Count, "µs");
    }

    private static async Task<double> DeclareAsync(EmbeddedEngine engine, int number, long planned)
    {
        var alert = new AlertSeen($"fp{number}", "HighErrorRate", AlertStatus.Firing, DateTimeOffset.UtcNow, null, null);
        var outcome = await engine.Declarations.DeclareAsync(
            new DeclareIncident($"service {number} fails", Severity.Sev2, null, null, null, ImmutableSortedDictionary<string, string>.Empty, "alertmanager", null, $"group{number}", [alert]),
            new Call { At = default, Seed = "", By = "@alertmanager" });
        return outcome is Accepted
            ? Stopwatch.GetElapsedTime(planned).TotalMilliseconds
            : throw new InvalidOperationException(outcome.ToString());
    }
}
