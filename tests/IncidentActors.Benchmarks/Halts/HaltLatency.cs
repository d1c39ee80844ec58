using System.Diagnostics;
using IncidentActors.Benchmarks.Turns;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine;
using IncidentActors.Storage.Postgres;
using IncidentActors.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace IncidentActors.Benchmarks.Halts;

/// <summary>How long until raising a halt of everything is acknowledged, with ever more registered agents and a load running.</summary>
internal static class HaltLatency
{
    private const int WarmUp = 20;
    private const int Halts = 100;
    private const int Workers = 32;

    public static async Task RunAsync()
    {
        if (PostgresServer.Missing is { } missing)
        {
            Console.WriteLine($"not run: {missing}");
            return;
        }

        var medians = new List<double>();
        foreach (var agents in new[] { 1_000, 100_000, 1_000_000 })
        {
            var latencies = await MeasureAsync(agents);
            medians.Add(Table.Percentile(latencies, 0.5));
            Table.Row($"raise acknowledged, {agents:#,0} agents, p50", medians[^1], "ms");
            Table.Row($"raise acknowledged, {agents:#,0} agents, p99", Table.Percentile(latencies, 0.99), "ms", "aim < 50");
        }

        Table.Row("p50, most agents to fewest", medians[^1] / medians[0], "", "aim ≤ 1.5");
    }

    private static async Task<List<double>> MeasureAsync(int agents)
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var journal = new PostgresStore(database);
        await journal.OpenAsync(CancellationToken.None);
        await RegisterAsync(database, agents);
        await using var engine = new InProcessActors(journal, new EngineOptions(), NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        for (var worker = 0; worker < Workers; worker++) await Load.BeginAsync(engine, worker);
        using var stop = new CancellationTokenSource();
        var work = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(engine, worker, stop.Token))));
        var latencies = new List<double>();
        for (var i = -WarmUp; i < Halts; i++)
        {
            var watch = Stopwatch.StartNew();
            await engine.Halt(Id(i)).DoAsync(new RaiseHalt(HaltScope.All, "measured"), By("@operator"));
            if (i >= 0) latencies.Add(watch.Elapsed.TotalMilliseconds);
            await engine.Halt(Id(i)).DoAsync(new LiftHalt(), By("@operator"));
        }

        await stop.CancelAsync();
        await work;
        latencies.Sort();
        return latencies;
    }

    private static async Task WorkAsync(InProcessActors engine, int worker, CancellationToken stop)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var note = 0; !stop.IsCancellationRequested; note++)
        {
            var outcome = await engine.Atp($"AT-{worker}").DoAsync(new Core.Atps.SetAtp(Notes: $"note {note}"), By($"@a{worker}"));
            if (outcome is Rejected) await again.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>The rows that registering them one by one would have written.</summary>
    private static async Task RegisterAsync(string database, int agents)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var insert = new NpgsqlCommand(
            """
            insert into actors (id, kind, version, status, open, rank, owner, document)
            select 'agent/@m' || i, 'agent', 1, 'known', true, 0, '@m' || i,
                   json_build_object('handle', '@m' || i, 'roles', array['m'], 'registeredAt', '2026-01-01T00:00:00+00:00',
                                     'endedTurns', '{}'::json, 'confirmedHalts', '{}'::json)
            from generate_series(1, $1) i
            """, connection) { CommandTimeout = 600 };
        insert.Parameters.Add(new NpgsqlParameter { Value = agents });
        await insert.ExecuteNonQueryAsync();
    }

    private static string Id(int number) => $"HLT-M{number + WarmUp}";

    private static Call By(string handle) => new() { At = default, Seed = "", By = handle };
}
