using IncidentActors.Testing;
using System.Collections.Immutable;
using IncidentActors.Benchmarks.Turns;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Benchmarks.Memory;

/// <summary>What the node keeps in memory for actors that exist and rest.</summary>
internal static class MemoryPerActor
{
    private const int Actors = 10_000;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var journal = new SqliteStore(folder.File("journal.db"));
        await journal.OpenAsync(CancellationToken.None);
        await using var engine = new InProcessActors(journal, new EngineOptions(), NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(agent => Load.BeginAsync(engine, -1 - agent)));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Task.WhenAll(Enumerable.Range(0, Actors).Select(agent => engine.Agent($"@a{agent}").FetchInboxAsync(Load.By(agent), 10)));
        var agents = GC.GetTotalMemory(forceFullCollection: true);
        await Task.WhenAll(Enumerable.Range(0, Actors).Select(number => engine.Declarations.DeclareAsync(
            new DeclareIncident($"service {number} fails", Severity.Sev2, DedupKey: $"key{number}"),
            new Call { At = default, Seed = "", By = "@operator" })));
        var incidents = GC.GetTotalMemory(forceFullCollection: true);
        Table.Row($"{Actors} idle agents", (agents - before) / 1024.0 / 1024.0, "MiB", $"{(agents - before) / (double)Actors:0} bytes each");
        Table.Row(
            $"{Actors} open incidents with their ATPs",
            (incidents - agents) / 1024.0 / 1024.0,
            "MiB",
            $"{(incidents - agents) / (double)Actors:0} bytes each");
    }
}
