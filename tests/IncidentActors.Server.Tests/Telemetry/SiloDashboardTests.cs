using System.Net;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Tokens;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>Orleans' dashboard at <c>/silos</c>.</summary>
public sealed class SiloDashboardTests
{
    [Fact]
    public async Task It_shows_this_silo_but_no_log()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var page = (await server.GetAsync("/silos/")).IsOk();
        Assert.Equal("text/html", page.MediaType);
        await Eventually.TrueAsync(
            async () => (await server.GetAsync("/silos/DashboardCounters")).IsOk().Body.Contains("\"status\":\"Active\"", StringComparison.Ordinal),
            "the dashboard's knowing of the silo");
        (await server.GetAsync("/silos/Trace")).Is(HttpStatusCode.Forbidden);
        foreach (var part in new[] { "HistoricalStats", "SiloProperties", "SiloStats", "SiloCounters", "SiloMetadata" })
            Assert.True((int)(await server.GetAsync($"/silos/{part}/no-address")).Status < 500, part);
    }

    [Fact]
    public async Task With_tokens_it_is_for_the_operator()
    {
        await using var server = await GuardedServer.StartAsync();
        var developer = (await server.TokenAsync(new { handle = "@dev" })).Text("secret");
        foreach (var path in new[] { "/silos/", "/silos/DashboardCounters", "/silos/ClusterStats", "/silos/index.min.js" })
        {
            var shown = (await server.GetAsync(path, server.Root)).IsOk();
            (await server.GetAsync(path, developer)).Is(HttpStatusCode.Forbidden);

            // Strangers are led to the page where one signs in.
            Assert.NotEqual(shown.Body, (await server.GetAsync(path, null)).Body);
        }
    }
}
