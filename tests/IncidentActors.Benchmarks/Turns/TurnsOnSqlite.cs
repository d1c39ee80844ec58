using IncidentActors.Testing;
using System.Diagnostics;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Benchmarks.Turns;

/// <summary>Many agents write notes on their ATPs through the whole engine; then a bare loop writes what they wrote.</summary>
internal static class TurnsOnSqlite
{
    private const int Agents = 1000;
    private const int WarmUpEach = 30;
    private const int TurnsEach = 60;
    private const int OneByOne = 2000;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var journal = new RecordingJournal(new SqliteStore(folder.File("engine.db")));
        await journal.OpenAsync(CancellationToken.None);
        await using var engine = new InProcessActors(journal, new EngineOptions(), NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => Load.BeginAsync(engine, agent)));
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => Load.WorkAsync(engine, agent, WarmUpEach)));
        journal.Batches.Clear();

        var cpu = Table.Cpu;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => Load.WorkAsync(engine, agent, TurnsEach)));
        var engines = Agents * TurnsEach / watch.Elapsed.TotalSeconds;
        var used = (Table.Cpu - cpu).TotalMilliseconds * 1000 / (Agents * TurnsEach);
        var batches = journal.Batches.ToList();
        var batch = batches.Average(turns => turns.Count);
        var bare = await BareLoop.RunAsync(folder.File("bare.db"), batches);
        var single = await BareLoop.RunAsync(folder.File("single.db"), batches.SelectMany(turns => turns).Take(OneByOne).Select(turn => new[] { turn }));
        Table.Row($"engine, {Agents} agents", engines, "turns/s", $"{batch:0} turns in a commit");
        Table.Row("processor time per turn", used, "µs");
        Table.Row("bare loop, same rows in the same batches", bare, "turns/s", $"ratio {engines / bare:0.00} (aim ≥ 0.5)");
        Table.Row("bare loop, one by one", single, "turns/s", $"ratio {engines / single:0.0} (aim ≥ 5)");
    }
}

/// <summary>The work of one agent: an ATP of its own, and notes on it.</summary>
internal static class Load
{
    public static async Task BeginAsync(IActorDirectory actors, int agent) =>
        Must(await actors.Atp($"AT-{agent}").DoAsync(new CreateAtp($"work {agent}", "task", "standard"), By(agent)));

    public static async Task WorkAsync(IActorDirectory actors, int agent, int turns)
    {
        for (var turn = 0; turn < turns; turn++)
            Must(await actors.Atp($"AT-{agent}").DoAsync(new SetAtp(Notes: $"note {turn} of agent {agent}"), By(agent)));
    }

    public static Call By(int agent) => new() { At = default, Seed = "", By = $"@a{agent}" };

    private static void Must(Outcome outcome)
    {
        if (outcome is not Accepted) throw new InvalidOperationException(outcome.ToString());
    }
}
