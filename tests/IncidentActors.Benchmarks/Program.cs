using IncidentActors.Benchmarks;
using IncidentActors.Benchmarks.Alerts;
using IncidentActors.Benchmarks.Halts;
using IncidentActors.Benchmarks.Memory;
using IncidentActors.Benchmarks.Metrics;
using IncidentActors.Benchmarks.Nodes;
using IncidentActors.Benchmarks.Orleans;
using IncidentActors.Benchmarks.Pages;
using IncidentActors.Benchmarks.Permits;
using IncidentActors.Benchmarks.Seals;
using IncidentActors.Benchmarks.Start;
using IncidentActors.Benchmarks.Telemetry;
using IncidentActors.Benchmarks.Tools;
using IncidentActors.Benchmarks.Turns;

var benchmarks = new Dictionary<string, (string Measures, Func<Task> Run)>
{
    ["turns"] = ("durable turns/s on SQLite beside a bare loop that writes the same rows", TurnsOnSqlite.RunAsync),
    ["postgres"] = ("durable turns/s on PostgreSQL beside pgbench on the same server", TurnsOnPostgres.RunAsync),
    ["halts"] = ("raise of a halt, acknowledged, with 1,000 to 1,000,000 agents", HaltLatency.RunAsync),
    ["permits"] = ("grant of a permit over HTTP at 500/s, beside an empty command", PermitGrants.RunAsync),
    ["permit-halts"] = ("raise of a halt with 100,000 open permits, beside one with none", RaiseOverPermits.RunAsync),
    ["hooks"] = ("start of an agent program's hook to its answer", HookPrograms.RunAsync),
    ["alerts"] = ("alert to incident and directive, at 1,000 alerts/s", AlertToDirective.RunAsync),
    ["mcp"] = ("a tool call over MCP beside the same over HTTP", McpBesideHttp.RunAsync),
    ["telemetry"] = ("turns/s with telemetry off, scraped, and exported, in turns", TelemetryOverhead.RunAsync),
    ["seals"] = ("turns/s with and without the sealer of the history, in turns", SealOverhead.RunAsync),
    ["pages"] = ("first paint and time to apply an event, in Chromium, with 500 incidents, 10,000 ATPs, 200 events/s", PagesUnderLoad.RunAsync),
    ["start"] = ("a new server process to its first \"ready\"", ColdStart.RunAsync),
    ["takeover"] = ("from SIGKILL of a node to its work going on at another", Takeover.RunAsync),
    ["lost-silo"] = ("from SIGKILL and from SIGSTOP of one of three silos to a command of every actor, and halts meanwhile", LostSilo.RunAsync),
    ["memory"] = ("bytes per idle agent and per open incident", MemoryPerActor.RunAsync),
    ["metrics"] = ("all metrics of a year, 10,000 incidents, beside the naive computation", MetricsOfAYear.RunAsync),
    ["cluster-halts"] = ("a halt over three silos with 100,000 agents in memory, beside calling every agent", HaltOfMany.RunAsync),
    ["cluster-turns"] = ("durable turns/s of three silos on PostgreSQL, beside a grain per agent with its state in AdoNet storage", TurnsOnCluster.RunAsync),
    ["cluster-calls"] = ("grain calls/s without a commit, beside an empty grain's", CallsBesideEmpty.RunAsync),
};

var chosen = args.Length == 0 ? [.. benchmarks.Keys] : args;
if (chosen.FirstOrDefault(name => !benchmarks.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'; there are:");
    foreach (var (name, (measures, _)) in benchmarks) Console.Error.WriteLine($"  {name,-10} {measures}");
    return 2;
}

foreach (var name in chosen)
{
    Table.Title(name, benchmarks[name].Measures);
    await benchmarks[name].Run();
}

return 0;
