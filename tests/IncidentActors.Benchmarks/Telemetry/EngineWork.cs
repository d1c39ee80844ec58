using IncidentActors.Testing;
using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace IncidentActors.Benchmarks.Telemetry;

/// <summary>Turns on the engine itself, on SQLite: notes on ATPs, and now and then a move of an incident's ATP, which gives a span.</summary>
internal static class EngineWork
{
    private const int Agents = 1000;
    private const int TurnsEach = 24;

    /// <param name="spanEvery">Each how-manieth turn moves an incident's ATP; 0: none, and there is no incident.</param>
    public static async Task<Figure> RoundAsync(string way, int spanEvery, DrainingCollector collector)
    {
        using var folder = new TemporaryFolder();
        await using var journal = new SqliteStore(folder.File("engine.db"));
        await journal.OpenAsync(CancellationToken.None);
        var options = new EngineOptions();
        await using var engine = new InProcessActors(journal, options, NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        using var metrics = way == "off"
            ? null
            : Sdk.CreateMeterProviderBuilder().AddMeter(MetricCatalogue.Meter).AddOtlpExporter(to => Configure(to, collector, "metrics")).Build();
        using var spans = way == "exported"
            ? Sdk.CreateTracerProviderBuilder().AddSource(SpanCatalogue.Source).AddOtlpExporter(to => Configure(to, collector, "traces")).Build()
            : null;
        await using var traces = way == "exported" ? new IncidentTraces(engine.Turns, journal, NullLogger.Instance) : null;
        await BeginAsync(engine, spanEvery);
        return await Figure.OfAsync(Agents * TurnsEach, () => Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => WorkAsync(engine, agent, spanEvery))));
    }

    private static void Configure(OtlpExporterOptions to, DrainingCollector collector, string signal) =>
        (to.Protocol, to.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri($"{collector.Url}/v1/{signal}"));

    private static async Task BeginAsync(InProcessActors engine, int spanEvery)
    {
        var incident = spanEvery > 0 ? await DeclareAsync(engine) : null;
        for (var agent = 0; agent < Agents; agent++)
        {
            var create = new CreateAtp($"work {agent}", "task", "standard", incident, Owner: $"@a{agent}");
            Must(await engine.Atp($"AT-{agent}").DoAsync(create, By(agent)));
        }

        await Task.WhenAll(Enumerable.Range(0, Agents).Select(async agent =>
            Must(await engine.Atp($"AT-{agent}").DoAsync(new SetAtp("InProgress"), By(agent)))));
    }

    private static async Task WorkAsync(InProcessActors engine, int agent, int spanEvery)
    {
        for (var turn = 0; turn < TurnsEach; turn++)
        {
            var set = spanEvery > 0 && turn % spanEvery == 0
                ? new SetAtp(turn / spanEvery % 2 == 0 ? "Blocked" : "InProgress")
                : new SetAtp(Notes: $"note {turn} of agent {agent}");
            Must(await engine.Atp($"AT-{agent}").DoAsync(set, By(agent)));
        }
    }

    private static async Task<string> DeclareAsync(InProcessActors engine)
    {
        var declare = new DeclareIncident("slow", Severity.Sev3);
        return Must(await engine.Declarations.DeclareAsync(declare, By(0))).Answer.GetProperty("id").GetString()!;
    }

    private static Call By(int agent) => new() { At = default, Seed = "", By = $"@a{agent}" };

    private static Accepted Must(Outcome outcome) => outcome as Accepted ?? throw new InvalidOperationException(outcome.ToString());
}
