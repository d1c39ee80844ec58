using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using IncidentActors.Engine;
using IncidentActors.Journal.Postgres;
using IncidentActors.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace IncidentActors.Benchmarks.Turns;

/// <summary>The whole engine on PostgreSQL, beside <c>pgbench</c> that inserts one row per transaction into the same server.</summary>
internal static partial class TurnsOnPostgres
{
    private const int Agents = 1000;
    private const int TurnsEach = 40;
    private const int Clients = 16;
    private const int Seconds = 8;

    public static async Task RunAsync()
    {
        if (PostgresServer.Missing is { } missing)
        {
            Console.WriteLine($"not run: {missing}");
            return;
        }

        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        var engines = await EngineAsync(database);
        var pgbench = await PgbenchAsync(database);
        Table.Row($"engine, {Agents} agents, one node", engines, "turns/s");
        Table.Row($"pgbench, {Clients} clients, one row per transaction", pgbench, "tx/s", $"ratio {engines / pgbench:0.00} (aim ≥ 1.0)");
    }

    private static async Task<double> EngineAsync(string database)
    {
        await using var journal = new PostgresJournal(database);
        await journal.OpenAsync(CancellationToken.None);
        await using var engine = new EmbeddedEngine(journal, new EngineOptions(), NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => Load.BeginAsync(engine, agent)));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => Load.WorkAsync(engine, agent, TurnsEach)));
        return Agents * TurnsEach / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> PgbenchAsync(string database)
    {
        var target = new NpgsqlConnectionStringBuilder(database);
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand("create table bench (id bigserial primary key, payload text not null)", connection);
            await create.ExecuteNonQueryAsync();
        }

        using var folder = new TemporaryFolder();
        var script = folder.File("insert.sql");
        await File.WriteAllTextAsync(script, $"insert into bench (payload) values ('{new string('x', 300)}');\n");
        var start = new ProcessStartInfo(PostgresServer.Program("pgbench"), ["-n", "-h", target.Host!, "-p", $"{target.Port}", "-U", target.Username!, "-c", $"{Clients}", "-j", "2", "-T", $"{Seconds}", "-f", script, target.Database!])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Rate();
}
