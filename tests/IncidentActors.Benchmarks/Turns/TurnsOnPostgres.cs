using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using IncidentActors.Engine;
using IncidentActors.Storage.Postgres;
using IncidentActors.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace IncidentActors.Benchmarks.Turns;

/// <summary>
/// The whole engine on PostgreSQL, one node and three, beside <c>pgbench</c> that inserts one row per transaction into the same server.
/// A commit is one round trip: the statements of all its turns, sent together.
/// </summary>
internal static partial class TurnsOnPostgres
{
    private const int Agents = 1000;
    private const int WarmUpEach = 60;
    private const int TurnsEach = 100;
    private const int Clients = 16;
    private const int Seconds = 8;

    public static async Task RunAsync()
    {
        if (PostgresServer.Missing is { } missing)
        {
            Console.WriteLine($"not run: {missing}");
            return;
        }

        var one = await EnginesAsync(nodes: 1);
        var pgbench = await PgbenchAsync(one.Database);
        var three = await EnginesAsync(nodes: 3);
        Table.Row($"engine, {Agents} agents, one node", one.PerSecond, "turns/s", $"{one.PerCommit:0} turns in a commit");
        Table.Row($"pgbench, {Clients} clients, one row per transaction", pgbench, "tx/s", $"ratio {one.PerSecond / pgbench:0.00} (aim ≥ 1.0)");
        Table.Row(
            $"engine, {Agents} agents, three nodes",
            three.PerSecond,
            "turns/s",
            $"{three.PerSecond / one.PerSecond:0.00} of one node; {three.PerCommit:0} turns in a commit");
        Table.Row("transactions (round trips) per turn, one node", 1 / one.PerCommit, "");
        Table.Row("write-ahead log per turn, one node", one.LogBytes, "bytes", "full pages after a checkpoint included");
    }

    private static async Task<Measured> EnginesAsync(int nodes)
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        var engines = new List<InProcessActors>();
        var journals = new List<PostgresStore>();
        for (var node = 0; node < nodes; node++)
        {
            journals.Add(new PostgresStore(database));
            await journals[node].OpenAsync(CancellationToken.None);
            engines.Add(new InProcessActors(journals[node], new EngineOptions { Node = $"node-{node}" }, NullLogger.Instance));
            await engines[node].StartAsync(CancellationToken.None);
        }

        Task AllAsync(Func<InProcessActors, int, Task> work) => Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => work(engines[agent % nodes], agent)));
        await AllAsync(Load.BeginAsync);
        await AllAsync((engine, agent) => Load.WorkAsync(engine, agent, WarmUpEach));
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        var before = await StandAsync(connection);
        var watch = Stopwatch.StartNew();
        await AllAsync((engine, agent) => Load.WorkAsync(engine, agent, TurnsEach));
        var seconds = watch.Elapsed.TotalSeconds;
        foreach (var engine in engines) await engine.DisposeAsync();
        foreach (var journal in journals) await journal.DisposeAsync();
        var after = await StandAsync(connection);
        double turns = Agents * TurnsEach;
        return new Measured(database, turns / seconds, turns / (after.Transactions - before.Transactions), (after.Log - before.Log) / turns);
    }

    /// <summary>Transactions that wrote, and bytes of the log, since the server began.</summary>
    private static async Task<(long Transactions, long Log)> StandAsync(NpgsqlConnection connection)
    {
        // Only a transaction that writes gets a number.
        await using var ask = new NpgsqlCommand(
            "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint, (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint", connection);
        await using var row = await ask.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private sealed record Measured(string Database, double PerSecond, double PerCommit, double LogBytes);

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
        var start = new ProcessStartInfo(
            PostgresServer.Program("pgbench"),
            [
                "-n", "-h", target.Host!, "-p", $"{target.Port}", "-U", target.Username!, "-c", $"{Clients}", "-j", "2", "-T", $"{Seconds}",
                "-f", script, target.Database!,
            ])
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
