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
        var process = new ServerProcess("--data", data, "--engine", "embedded", "--quiet");
        await using var node = new TracedNode(process);
        await process.StartAsync();
        await using var prometheus = await PrometheusProcess.StartAsync([process.Port]);
        using var enough = new CancellationTokenSource();
        var working = Task.WhenAll(Enumerable.Range(0, Agents).Select(agent => WorkAsync(node, $"@worker-{agent}", enough.Token)));

        await Eventually.TrueAsync(async () => await prometheus.QueryAsync("count_over_time(incident_node_ready[1m])") is [> 8], "scrapes under load");
        for (var scrape = 0; scrape < 3; scrape++)
        {
            var (code, said) = await PrometheusProcess.ToolAsync(await process.Client.GetStringAsync("/metrics"), "check", "metrics");
            Assert.True(code == 0 && said.Length == 0, said);
        }

        await Eventually.TrueAsync(
            async () => await prometheus.QueryAsync("sum(rate(incident_turns_total{incident_turn_result='committed'}[10s]))") is [> 10], "a rate of turns");
        await enough.CancelAsync();
        var taken = (await working).Sum();
        const string Committed = "incident_turns_total{incident_turn_result=\"committed\"}";
        Assert.Contains($"{Committed} {taken}\n", await process.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
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
