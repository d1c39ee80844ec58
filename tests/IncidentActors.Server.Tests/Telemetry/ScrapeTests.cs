using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Tokens;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>What <c>/metrics</c> says, to whom, and under load.</summary>
public sealed class ScrapeTests
{
    private const int Agents = 16;

    [PrometheusFact]
    public async Task Prometheus_reads_the_same_as_the_server_says_while_it_works()
    {
        var data = Directory.CreateTempSubdirectory("incident-scrape-").FullName;
        var process = new ServerProcess("--data", data, "--quiet");
        await using var node = new TracedNode(process);
        await process.StartAsync();
        await using var prometheus = await PrometheusProcess.StartAsync([process.Port]);
        using var enough = new CancellationTokenSource();
        var working = Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => WorkAsync(node, $"@worker-{agent}", enough.Token)));

        await Eventually.TrueAsync(async () => await prometheus.QueryAsync("count_over_time(incident_node_ready[1m])") is [> 8], "scrapes under load");
        for (var scrape = 0; scrape < 3; scrape++)
        {
            var (code, said) = await PrometheusProcess.ToolAsync(PrometheusNames.Own(await process.Client.GetStringAsync("/metrics")), "check", "metrics");
            Assert.True(code == 0 && said.Length == 0, said);
        }

        await Eventually.TrueAsync(
            async () => await prometheus.QueryAsync("sum(rate(incident_turns_total{incident_turn_result='committed'}[10s]))") is [> 10], "a rate of turns");
        await enough.CancelAsync();
        var taken = (await working).Sum();
        const string Committed = "incident_turns_total{incident_turn_result=\"committed\"}";
        await Eventually.TrueAsync(
            async () => (await process.Client.GetStringAsync("/metrics")).Contains($"{Committed} {taken}\n", StringComparison.Ordinal),
            "every turn's standing in a scrape that is not an earlier one's");
        await Eventually.TrueAsync(async () => await prometheus.QueryAsync(Committed) is [var last] && last == taken, "Prometheus' knowing of every turn");
        await process.KillAsync();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task With_tokens_it_takes_one_and_a_token_for_looking_is_enough()
    {
        await using var server = await GuardedServer.StartAsync();
        (await server.GetAsync("/metrics", null)).Refused(401, "token.missing");
        var reader = await server.TokenAsync(new { handle = "@prometheus", readOnly = true });
        Assert.Contains("incident_node_ready", (await server.GetAsync("/metrics", reader.Text("secret"))).IsOk().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_as_documented_and_what_grows_begins_at_zero()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var scrape = (await server.GetAsync("/metrics")).IsOk().Body;
        foreach (var metric in MetricCatalogue.All.Where(metric => metric.Instrument == MetricInstrument.Counter))
        {
            var series = metric.Labels is [var label]
                ? MetricCatalogue.Values.GetValueOrDefault(label, []).Select(value => $"{{{label.Replace('.', '_')}=\"{value}\"}}")
                : metric.Labels.IsEmpty ? ["{}"] : [];
            Assert.All(series, labels => Assert.Contains($"\n{PrometheusNames.Of(metric)}{labels} 0\n", scrape, StringComparison.Ordinal));
        }

        await server.DeclareAsync("SEV-2");
        await Eventually.TrueAsync(
            async () => (await server.GetAsync("/metrics")).Body
                .Contains("\nincident_declared_total{incident_severity=\"SEV-2\"} 1\n", StringComparison.Ordinal));
        scrape = (await server.GetAsync("/metrics")).IsOk().Body;
        Assert.Contains("\nincident_commit_duration_seconds_bucket{db_system_name=\"sqlite\",le=\"0.0005\"} ", scrape, StringComparison.Ordinal);
        Assert.Contains("\nincident_node_ready{} 1\n", scrape, StringComparison.Ordinal);
        Assert.DoesNotContain("otel_scope", scrape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scrape_shows_its_own_node_and_does_not_grow_with_incidents()
    {
        await using var other = await ServerUnderTest.StartAsync();
        // Its clock stands, so no clock rings, which would have series of its own.
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = TestClock.Start() });
        await other.DeclareAsync();
        var few = await SeriesAsync(server, 1);
        var many = await SeriesAsync(server, 30);
        Assert.Equal(few, many);
        Assert.InRange(many, 100, 1000);
    }

    /// <summary>Declares incidents, and counts the series of this program in a scrape that knows them.</summary>
    private static async Task<int> SeriesAsync(ServerUnderTest server, int incidents)
    {
        for (var i = 0; i < incidents; i++) await server.DeclareAsync("SEV-3", $"incident {i} of {incidents}");
        var scrape = "";
        await Eventually.TrueAsync(async () =>
        {
            scrape = PrometheusNames.Own((await server.GetAsync("/metrics")).IsOk().Body);
            var expected = incidents == 1 ? 1 : incidents + 1;
            return scrape.Contains($"\nincident_declared_total{{incident_severity=\"SEV-3\"}} {expected}\n", StringComparison.Ordinal);
        });
        return scrape.Split('\n').Count(line => line.StartsWith("incident_", StringComparison.Ordinal));
    }

    /// <summary>Creates ATPs, one after the other; how many.</summary>
    private static async Task<int> WorkAsync(TracedNode node, string agent, CancellationToken enough)
    {
        var done = 0;
        while (!enough.IsCancellationRequested)
        {
            await node.UseAsync("atp_create", agent, new { title = "work", flow = "standard" });
            done++;
        }

        return done;
    }
}
